/** What is kept of a server beside its dumps: its databases as they were made, and the roles they speak of. */
import type pg from 'pg';
import { z } from 'zod';

export const Database = z.object({
  /** The part that is its dump. */
  part: z.string(),
  name: z.string(),
  owner: z.string(),
  encoding: z.string(),
  /** c: of the C library, i: of ICU, b: the server's own */
  provider: z.string(),
  collate: z.string(),
  ctype: z.string(),
  /** ICU's or the server's own locale. */
  locale: z.string().nullable(),
  /** `name=value`, as ALTER DATABASE … SET made them. */
  settings: z.array(z.string()),
});
export type Database = z.infer<typeof Database>;

export const Role = z.object({ name: z.string(), createdb: z.boolean(), createrole: z.boolean(), memberOf: z.array(z.string()) });
export type Role = z.infer<typeof Role>;

export const Catalog = z.object({ databases: z.array(Database), roles: z.array(Role) });
export type Catalog = z.infer<typeof Catalog>;

export const catalogPart = 'catalog.json';

/** Every database that takes connections, without the server's own: those of the stack and those that others made. */
const databasesQuery = `
  select d.datname as name, pg_get_userbyid(d.datdba) as owner, pg_encoding_to_char(d.encoding) as encoding,
         d.datlocprovider::text as provider, d.datcollate as "collate", d.datctype as ctype,
         to_jsonb(d) as entry, coalesce(s.setconfig, '{}') as settings
  from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid and s.setrole = 0
  where not d.datistemplate and d.datallowconn and (d.datname <> 'postgres' or d.datname = $1) and d.datname !~ '^noodlebox-(new|old)-'
  order by d.datname <> $1, d.datname`;

const rolesQuery = `
  select r.rolname as name, r.rolcreatedb as createdb, r.rolcreaterole as createrole,
         array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as "memberOf"
  from pg_roles r where r.rolname !~ '^pg_' order by r.oid`;

interface DatabaseRow extends Omit<Database, 'part' | 'locale'> {
  readonly entry: Readonly<Record<string, unknown>>;
}

/** @param own the stack's database: it comes first */
export async function readCatalog(client: pg.Client, own: string): Promise<Catalog> {
  const databases = await client.query<DatabaseRow>(databasesQuery, [own]);
  const roles = await client.query<Role>(rolesQuery);
  return {
    databases: databases.rows.map(({ entry, ...row }, at) => ({
      ...row,
      part: `${String(at + 1).padStart(4, '0')}.dump`,
      // daticulocale until PostgreSQL 16, datlocale since 17
      locale: (entry.datlocale ?? entry.daticulocale ?? null) as string | null,
    })),
    roles: roles.rows,
  };
}
