import type { ElementRow, KeyEditInput, RedisBytes, ValuePlace } from '../../../../preload/contract/index.ts';
import type { GridCell, GridColumn } from '../../../ui/grid/data-grid.tsx';

export const elementTypes = ['hash', 'list', 'set', 'zset', 'stream'] as const;
export type ElementType = (typeof elementTypes)[number];

/** One element chosen in the grid; of a stream, one field of an entry. */
export interface ChosenElement {
  readonly type: ElementType;
  readonly row: ElementRow;
  readonly field?: string;
}

export function isElementType(type: string): type is ElementType {
  return (elementTypes as readonly string[]).includes(type);
}

const columns: Readonly<Record<ElementType, readonly GridColumn[]>> = {
  hash: [
    { key: 'name', name: 'Field', width: 220, mark: 'key' },
    { key: 'bytes', name: 'Size', width: 80, align: 'right' },
    { key: 'value', name: 'Value', width: 620 },
  ],
  list: [
    { key: 'name', name: 'Index', width: 90, align: 'right' },
    { key: 'bytes', name: 'Size', width: 80, align: 'right' },
    { key: 'value', name: 'Value', width: 620 },
  ],
  set: [
    { key: 'bytes', name: 'Size', width: 80, align: 'right' },
    { key: 'value', name: 'Member', width: 620 },
  ],
  zset: [
    { key: 'score', name: 'Score', width: 140, align: 'right' },
    { key: 'bytes', name: 'Size', width: 80, align: 'right' },
    { key: 'value', name: 'Member', width: 620 },
  ],
  stream: [
    { key: 'name', name: 'Entry', width: 190, mark: 'key' },
    { key: 'time', name: 'Time', width: 235 },
    { key: 'value', name: 'Fields', width: 520 },
  ],
};

export function columnsOf(type: ElementType): readonly GridColumn[] {
  return columns[type];
}

/** @param time how a time (ms) is written */
export function cellOf(row: ElementRow, column: string, time: (ms: number) => string): GridCell {
  if (column === 'name') return { text: row.name, kind: row.name === '' ? 'empty' : 'text' };
  if (column === 'score') return { text: row.score ?? '', kind: 'number' };
  if (column === 'bytes') return { text: String(row.value.bytes), kind: 'number' };
  if (column === 'time') return { text: time(Number(row.name.split('-')[0])), kind: 'text' };
  if (row.fields !== null) return { text: row.fields.map(({ name, value }) => `${name}: ${textOf(value)}`).join('  '), kind: 'text' };
  return valueCell(row.value);
}

export function valueCell(value: RedisBytes): GridCell {
  if (value.bytes === 0) return { text: '', kind: 'empty' };
  if (value.binary) return { text: hexOf(value.data), kind: 'binary', copy: value.data };
  const text = value.cut ? `${value.data}…` : value.data;
  return { text, kind: /^\s*[[{]/.test(value.data) ? 'json' : 'text' };
}

function textOf(value: RedisBytes): string {
  return value.binary ? hexOf(value.data) : value.data + (value.cut ? '…' : '');
}

/** The first bytes of base64, as hex. */
function hexOf(base64: string): string {
  const binary = atob(base64.slice(0, 64));
  return [...binary].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join(' ') + (base64.length > 64 ? '…' : '');
}

/** Where the whole of a chosen element is read. */
export function placeOf({ type, row, field }: ChosenElement): ValuePlace {
  if (type === 'hash') return { in: 'hash', field: row.name };
  if (type === 'list') return { in: 'list', index: Number(row.name) };
  if (type === 'stream') return { in: 'stream', id: row.name, field: field ?? row.fields?.[0]?.name ?? '' };
  return { in: 'member', member: row.name };
}

/** The edit that takes an element away. */
export function removalOf({ type, row }: ChosenElement): KeyEditInput {
  if (type === 'hash') return { kind: 'hash-remove', fields: [row.name] };
  if (type === 'list') return { kind: 'list-remove', index: Number(row.name), was: row.value };
  if (type === 'set') return { kind: 'set-remove', members: [row.name] };
  if (type === 'zset') return { kind: 'zset-remove', members: [row.name] };
  return { kind: 'stream-remove', ids: [row.name] };
}

export const elementWord: Readonly<Record<ElementType, string>> = {
  hash: 'field',
  list: 'element',
  set: 'member',
  zset: 'member',
  stream: 'entry',
};
