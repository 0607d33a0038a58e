/** Names and kinds of types by their OID: those of the server's own that are met every day; others are asked for. */
import type { ValueKind } from '../../../../preload/contract/sql.ts';

export interface TypeInfo {
  readonly name: string;
  readonly kind: ValueKind;
}

/** pg_type.dat of PostgreSQL 17. */
const known: ReadonlyMap<number, TypeInfo> = new Map<number, TypeInfo>([
  [16, { name: 'boolean', kind: 'boolean' }],
  [17, { name: 'bytea', kind: 'binary' }],
  [18, { name: '"char"', kind: 'text' }],
  [19, { name: 'name', kind: 'text' }],
  [20, { name: 'bigint', kind: 'number' }],
  [21, { name: 'smallint', kind: 'number' }],
  [23, { name: 'integer', kind: 'number' }],
  [24, { name: 'regproc', kind: 'text' }],
  [25, { name: 'text', kind: 'text' }],
  [26, { name: 'oid', kind: 'number' }],
  [27, { name: 'tid', kind: 'text' }],
  [28, { name: 'xid', kind: 'number' }],
  [114, { name: 'json', kind: 'json' }],
  [700, { name: 'real', kind: 'number' }],
  [701, { name: 'double precision', kind: 'number' }],
  [705, { name: 'unknown', kind: 'text' }],
  [790, { name: 'money', kind: 'text' }],
  [869, { name: 'inet', kind: 'text' }],
  [1000, { name: 'boolean[]', kind: 'text' }],
  [1007, { name: 'integer[]', kind: 'text' }],
  [1009, { name: 'text[]', kind: 'text' }],
  [1015, { name: 'character varying[]', kind: 'text' }],
  [1016, { name: 'bigint[]', kind: 'text' }],
  [1042, { name: 'character', kind: 'text' }],
  [1043, { name: 'character varying', kind: 'text' }],
  [1082, { name: 'date', kind: 'time' }],
  [1083, { name: 'time', kind: 'time' }],
  [1114, { name: 'timestamp', kind: 'time' }],
  [1184, { name: 'timestamptz', kind: 'time' }],
  [1186, { name: 'interval', kind: 'time' }],
  [1231, { name: 'numeric[]', kind: 'text' }],
  [1266, { name: 'timetz', kind: 'time' }],
  [1700, { name: 'numeric', kind: 'number' }],
  [2249, { name: 'record', kind: 'text' }],
  [2278, { name: 'void', kind: 'text' }],
  [2950, { name: 'uuid', kind: 'text' }],
  [2951, { name: 'uuid[]', kind: 'text' }],
  [3802, { name: 'jsonb', kind: 'json' }],
]);

export function knownType(oid: number): TypeInfo | undefined {
  return known.get(oid);
}

const byName: ReadonlyMap<string, number> = new Map([...known].map(([oid, { name }]) => [name, oid]));

/** The OID of a type that a parameter may be given; 0: the server infers it. */
export function typeOid(name: string): number {
  return byName.get(name) ?? 0;
}

/** The kind of a type by its name, as `format_type` writes it. */
export function kindOfType(name: string): ValueKind {
  if (name.endsWith('[]')) return 'text';
  const plain = name.replace(/\(.*?\)/, '').trim();
  if (/^(date|interval\b|time(stamp)?( with(out)? time zone)?$)/.test(plain)) return 'time';
  const oid = byName.get(plain);
  return oid === undefined ? 'text' : known.get(oid)!.kind;
}
