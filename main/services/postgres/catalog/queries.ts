/** What the catalogue is asked. Every answer is ordered, and rows that belong together carry the table's OID. */

/** Schemas of people's own; temporary ones of other sessions are left out. */
const shown = `n.nspname !~ '^pg_(toast|temp)' and n.nspname not in ('pg_catalog', 'information_schema')`;

export const databaseQuery = `
  select current_database() as database, current_user as user, current_setting('server_version') as version,
         pg_database_size(current_database())::float8 as bytes`;

export const schemasQuery = `select n.nspname as name from pg_namespace n where ${shown} order by n.nspname`;

export const tablesQuery = `
  select c.oid::text as oid, n.nspname as schema, c.relname as name,
         case c.relkind when 'r' then 'table' when 'p' then 'partitioned' when 'v' then 'view' when 'm' then 'materialized' else 'foreign' end as kind,
         case when c.reltuples < 0 then null else c.reltuples::float8 end as rows,
         case when c.relkind in ('r', 'm') then pg_total_relation_size(c.oid)::float8 else 0 end as bytes,
         obj_description(c.oid, 'pg_class') as comment
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${shown} and not c.relispartition
  order by n.nspname, c.relname limit $1`;

export const columnsQuery = `
  select a.attrelid::text as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
         case when t.typtype = 'd' then format_type(t.typbasetype, null) end as base,
         not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as "default",
         a.attidentity <> '' or a.attgenerated <> '' as generated, col_description(a.attrelid, a.attnum) as comment
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
  order by a.attrelid, a.attnum`;

export const constraintsQuery = `
  select c.conrelid::text as oid, c.conname as name, c.contype as kind, pg_get_constraintdef(c.oid) as definition,
         (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns,
         fn.nspname as target_schema, f.relname as target_table,
         (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) as target_columns
  from pg_constraint c
  left join pg_class f on f.oid = c.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
  where c.conrelid = any($1::oid[]) and c.contype in ('p', 'u', 'f', 'c', 'x')
  order by c.conrelid, c.contype, c.conname`;

export const indexesQuery = `
  select i.indrelid::text as oid, c.relname as name, pg_get_indexdef(i.indexrelid) as definition,
         pg_relation_size(i.indexrelid)::float8 as bytes, i.indisunique as unique, i.indisvalid as valid
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = any($1::oid[]) order by i.indrelid, c.relname`;

export const triggersQuery = `
  select tgrelid::text as oid, tgname as name, pg_get_triggerdef(oid) as definition
  from pg_trigger where tgrelid = any($1::oid[]) and not tgisinternal order by tgrelid, tgname`;

export const functionsQuery = `
  select n.nspname as schema, p.proname as name, pg_get_function_arguments(p.oid) as arguments, coalesce(pg_get_function_result(p.oid), '') as result
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where ${shown} and p.prokind in ('f', 'p') and not exists (select from pg_depend e where e.objid = p.oid and e.deptype = 'e')
  order by n.nspname, p.proname limit $1`;

export const namesQuery = `
  select n.nspname as schema, c.relname as name, c.relkind in ('v', 'm') as is_view
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${shown} and not c.relispartition
    and position(lower($1) in lower(n.nspname || '.' || c.relname)) > 0
  order by length(c.relname), c.relname limit $2`;
