/** Values of PostgreSQL as cells of a grid: pure. */
import type { ResultColumn, SqlCell, ValueKind } from '../../../../preload/contract/sql.ts';
import type { GridCell, GridColumn } from '../../../ui/grid/data-grid.tsx';
import { shortType } from '../catalog/short-type.ts';

const kinds: Record<ValueKind, GridCell['kind']> = {
  text: 'text',
  time: 'text',
  number: 'number',
  boolean: 'boolean',
  json: 'json',
  binary: 'binary',
};

export function cellOf(value: SqlCell | undefined, kind: ValueKind): GridCell | undefined {
  if (value === undefined) return undefined;
  if (value === null) return { text: 'NULL', kind: 'null' };
  if (value === '') return { text: '', kind: 'empty' };
  if (typeof value !== 'string') return { text: `${oneLine(value.cut)}…`, kind: kinds[kind], copy: value.cut };
  if (kind === 'boolean') return { text: value === 't' ? 'true' : value === 'f' ? 'false' : value, kind: 'boolean' };
  return { text: oneLine(value), kind: kinds[kind], copy: value };
}

/** A cell is one line: line ends are seen, and only the beginning is drawn. */
function oneLine(text: string): string {
  return text.slice(0, 400).replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

/** @param sample what stands in the first rows, for the width */
export function gridColumn({ name, type, kind }: ResultColumn, index: number, sample: readonly (SqlCell | undefined)[]): GridColumn {
  const longest = sample.reduce<number>((most, value) => Math.max(most, textLength(value)), name.length + 2);
  return {
    key: String(index),
    name,
    type: shortType(type),
    align: kind === 'number' ? 'right' : 'left',
    width: Math.max(80, Math.min(320, longest * 7.4 + 24)),
  };
}

function textLength(value: SqlCell | undefined): number {
  if (value === undefined || value === null) return 4;
  return typeof value === 'string' ? value.length : value.cut.length;
}
