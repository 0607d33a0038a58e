import { describe, expect, it } from 'vitest';
import {
  addRow,
  changeCount,
  changesOf,
  dropNew,
  editCell,
  editedValue,
  editNew,
  isDeleted,
  keyOf,
  noEdits,
  toggleDelete,
} from './edits.ts';

const row = { key: { id: '1' }, version: '700' };

describe('edits', () => {
  it('gather, and an edit back to what was is none', () => {
    let edits = editCell(noEdits, row, 'name', { value: 'b' }, 'a');
    edits = editCell(edits, row, 'n', { value: null }, '1');
    expect(changesOf(edits)).toEqual([{ act: 'update', ...row, set: { name: { value: 'b' }, n: { value: null } } }]);
    expect(editedValue(edits, row.key, 'n')).toEqual({ value: null });
    edits = editCell(editCell(edits, row, 'name', { value: 'a' }, 'a'), row, 'n', { value: '1' }, '1');
    expect(changeCount(edits)).toBe(0);
    expect(changeCount(editCell(noEdits, row, 'n', { value: '' }, null))).toBe(1);
  });

  it('of a row that is deleted are dropped; deleting twice deletes nothing', () => {
    const edits = toggleDelete(editCell(noEdits, row, 'name', { value: 'b' }, 'a'), row);
    expect(changesOf(edits)).toEqual([{ act: 'delete', ...row }]);
    expect(isDeleted(edits, row.key)).toBe(true);
    expect(changeCount(toggleDelete(edits, row))).toBe(0);
  });

  it('make new rows, in the order they were made', () => {
    let edits = addRow(addRow(noEdits), { a: { value: '2' } });
    edits = editNew(edits, 1, 'a', { value: '1' });
    edits = editNew(edits, 0, 'b', { value: 'x' });
    edits = editNew(edits, 0, 'b', { default: true });
    expect(changesOf(edits)).toEqual([
      { act: 'insert', set: { a: { value: '1' } } },
      { act: 'insert', set: { a: { value: '2' } } },
    ]);
    expect(changesOf(dropNew(edits, 0))).toHaveLength(1);
  });
});

it('a row is known by its key, if that is there whole', () => {
  const columns = [{ name: 'a' }, { name: 'b' }];
  expect(keyOf(columns, ['1', '2'], ['b', 'a'])).toEqual({ b: '2', a: '1' });
  expect(keyOf(columns, [{ cut: '1', bytes: 9999 }, '2'], ['a'])).toBeNull();
  expect(keyOf(columns, ['1', '2'], [])).toBeNull();
});
