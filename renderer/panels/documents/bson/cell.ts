import type { GridCell } from '../../../ui/grid/data-grid.tsx';
import type { Bson } from './bson.ts';
import { scalar, shellLine, uuidOf } from './shell.ts';

/** Characters of a cell; the inspector shows the rest. */
const shown = 300;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How a value stands in a table; undefined: the document has no such field. */
export function cellOf(value: Bson | undefined): GridCell {
  if (value === undefined) return { text: '', kind: 'missing' };
  switch (value.kind) {
    case 'object':
    case 'array':
      return { text: shellLine(value, shown), kind: 'json', copy: shellLine(value, 1_000_000) };
    case 'string':
      return value.value === ''
        ? { text: '', kind: 'empty' }
        : { text: value.value.slice(0, shown), kind: 'text', copy: value.value, link: uuid.test(value.value) };
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return { text: value.text, kind: 'number' };
    case 'bool':
      return { text: String(value.value), kind: 'boolean' };
    case 'null':
    case 'undefined':
      return { text: value.kind, kind: 'null' };
    case 'objectId':
      return { text: value.hex, kind: 'text', copy: scalar(value) };
    case 'date':
      return { text: isoOf(value.ms), kind: 'text' };
    case 'binary': {
      const id = value.subType === 4 ? uuidOf(value.base64) : undefined;
      return id === undefined
        ? { text: `${Math.floor((value.base64.replaceAll('=', '').length * 3) / 4)} bytes`, kind: 'binary', copy: scalar(value) }
        : { text: id, kind: 'text', link: true };
    }
    default:
      return { text: scalar(value).slice(0, shown), kind: 'json', copy: scalar(value) };
  }
}

export function isoOf(ms: string): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

/** The type as MongoDB names it. */
export function typeName(value: Bson): string {
  return { binary: 'binData', code: 'javascript' }[value.kind as string] ?? value.kind;
}
