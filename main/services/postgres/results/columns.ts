/** Types of a result's columns by name. Types that are not the server's own are asked for once. */
import type { ResultColumn } from '../../../../preload/contract/sql.ts';
import type { PostgresClient } from '../client.ts';
import type { WireColumn } from '../wire/messages.ts';
import { kindOfType, knownType, type TypeInfo } from './types.ts';

export class ColumnTypes {
  readonly #client: () => Promise<PostgresClient>;
  readonly #asked = new Map<number, TypeInfo>();

  constructor(client: () => Promise<PostgresClient>) {
    this.#client = client;
  }

  async columns(columns: readonly WireColumn[]): Promise<ResultColumn[]> {
    const unknown = [...new Set(columns.map(({ type }) => type))].filter((oid) => !this.#info(oid));
    // A column without its type's name is better than no column.
    if (unknown.length > 0) await this.#ask(unknown).catch(() => {});
    return columns.map(({ name, type, typeModifier }) => {
      const info = this.#info(type) ?? { name: `type ${type}`, kind: 'text' };
      return { name, type: `${info.name}${modifier(type, typeModifier)}`, kind: info.kind };
    });
  }

  #info(oid: number): TypeInfo | undefined {
    return knownType(oid) ?? this.#asked.get(oid);
  }

  async #ask(oids: readonly number[]): Promise<void> {
    const client = await this.#client();
    const rows = await client.query<{ oid: string; name: string; base: string }>(
      `select oid::text as oid, format_type(oid, null) as name, typbasetype::text as base from pg_type where oid = any($1::oid[])`,
      [oids],
    );
    // A domain is compared as what it is made of.
    for (const { oid, name, base } of rows) this.#asked.set(Number(oid), { name, kind: knownType(Number(base))?.kind ?? kindOfType(name) });
  }
}

/** "(10,2)" of a numeric, "(50)" of a varchar. */
function modifier(type: number, typeModifier: number): string {
  if (typeModifier < 4) return '';
  if (type === 1700) return `(${(typeModifier - 4) >> 16},${(typeModifier - 4) & 0x7ff})`;
  return type === 1042 || type === 1043 ? `(${typeModifier - 4})` : '';
}
