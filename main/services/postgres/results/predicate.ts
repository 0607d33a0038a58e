/** Whether a row passes the filters of a grid. */
import type { ResultColumn, ResultFilter, ValueKind } from '../../../../preload/contract/sql.ts';
import { compareKeys, keyOf } from './key.ts';
import { eachValue, valueAt } from './row.ts';

export type RowTest = (bytes: Buffer, row: number) => boolean;
type ValueTest = (bytes: Buffer, from: number, length: number) => boolean;

export function rowTest(filters: readonly ResultFilter[], columns: readonly ResultColumn[]): RowTest {
  const tests = filters.map((filter) => oneTest(filter, columns));
  return (bytes, row) => tests.every((test) => test(bytes, row));
}

function oneTest(filter: ResultFilter, columns: readonly ResultColumn[]): RowTest {
  const { column } = filter;
  if (column !== null) {
    const test = valueTest(filter, columns[column]?.kind ?? 'text');
    return (bytes, row) => {
      const { from, length } = valueAt(bytes, row, column);
      return test(bytes, from, length);
    };
  }
  const tests = columns.map(({ kind }) => valueTest(filter, kind));
  return (bytes, row) => {
    let passes = false;
    eachValue(bytes, row, (index, from, length) => {
      passes ||= tests[index]?.(bytes, from, length) ?? false;
    });
    return passes;
  };
}

function valueTest({ operator, value }: ResultFilter, kind: ValueKind): ValueTest {
  const wanted = value.toLowerCase();
  const text = (bytes: Buffer, from: number, length: number) => bytes.toString('utf8', from, from + length).toLowerCase();
  switch (operator) {
    case 'is null':
      return (_bytes, _from, length) => length < 0;
    case 'is not null':
      return (_bytes, _from, length) => length >= 0;
    case 'contains':
      return (bytes, from, length) => length >= 0 && text(bytes, from, length).includes(wanted);
    case 'starts with':
      return (bytes, from, length) => length >= 0 && text(bytes, from, length).startsWith(wanted);
  }
  const key = keyOf(kind);
  const asBytes = Buffer.from(value);
  const bound = key(asBytes, 0, asBytes.length);
  const passes: Record<typeof operator, (order: number) => boolean> = {
    '=': (order) => order === 0,
    '<>': (order) => order !== 0,
    '<': (order) => order < 0,
    '<=': (order) => order <= 0,
    '>': (order) => order > 0,
    '>=': (order) => order >= 0,
  };
  const pass = passes[operator];
  return (bytes, from, length) => length >= 0 && pass(compareKeys(kind, key(bytes, from, length), bound));
}
