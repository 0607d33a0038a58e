import type { Bson } from '../bson/bson.ts';
import { typeName } from '../bson/cell.ts';

export interface TableField {
  readonly name: string;
  /** The types seen, most often first. */
  readonly type: string;
  readonly numeric: boolean;
  /** Characters of its longest value, as far as that matters. */
  readonly length: number;
}

/** Documents that tell the columns, and columns at most. */
const most = { documents: 200, fields: 500 };

/** The fields of the first documents that are there, `_id` first, then as they were met. */
export function fieldsOf(result: { readonly known: number; documentAt(at: number): Bson | undefined }): TableField[] {
  const seen = new Map<string, { types: Map<string, number>; length: number }>();
  for (let at = 0; at < Math.min(result.known, most.documents); at++) {
    const document = result.documentAt(at);
    if (document?.kind !== 'object') continue;
    for (const [name, value] of document.fields) {
      let field = seen.get(name);
      if (field === undefined) {
        if (seen.size === most.fields) continue;
        field = { types: new Map(), length: 0 };
        seen.set(name, field);
      }
      const type = typeName(value);
      field.types.set(type, (field.types.get(type) ?? 0) + 1);
      field.length = Math.max(field.length, lengthOf(value));
    }
  }
  const told = [...seen].map(([name, { types, length }]) => {
    const names = [...types].sort((a, b) => b[1] - a[1]).map(([type]) => type);
    const told = names.filter((type) => type !== 'null');
    return { name, type: names.slice(0, 3).join(' | '), numeric: told.length > 0 && told.every((type) => numbers.has(type)), length };
  });
  return told.sort((a, b) => Number(b.name === '_id') - Number(a.name === '_id'));
}

const numbers = new Set(['int', 'long', 'double', 'decimal']);

function lengthOf(value: Bson): number {
  switch (value.kind) {
    case 'string':
      return Math.min(value.value.length, 40);
    case 'object':
    case 'array':
      return 36;
    case 'date':
    case 'objectId':
      return 24;
    case 'binary':
      return 36;
    default:
      return 'text' in value ? value.text.length : 8;
  }
}
