/** Changes of a grid that are not saved yet: pure. */
import type { NewValue, RowChange, SqlCell } from '../../../../preload/contract/sql.ts';

export type RowKey = Readonly<Record<string, string | null>>;

/** A row as it was read. */
export interface ReadRow {
  key: RowKey;
  version: string;
}

interface Update extends ReadRow {
  set: Readonly<Record<string, NewValue>>;
}

export interface Edits {
  /** By the row's key. */
  updates: ReadonlyMap<string, Update>;
  deletes: ReadonlyMap<string, ReadRow>;
  /** New rows, the last one on top. */
  inserts: readonly { id: string; set: Readonly<Record<string, NewValue>> }[];
}

export const noEdits: Edits = { updates: new Map(), deletes: new Map(), inserts: [] };

export function editCell(edits: Edits, row: ReadRow, column: string, value: NewValue, before: SqlCell): Edits {
  const id = idOf(row.key);
  const set = { ...edits.updates.get(id)?.set, [column]: value };
  // What is as it was is no change.
  if ('value' in value && value.value === before) delete set[column];
  const updates = new Map(edits.updates);
  if (Object.keys(set).length === 0) updates.delete(id);
  else updates.set(id, { ...row, set });
  return { ...edits, updates };
}

export function toggleDelete(edits: Edits, row: ReadRow): Edits {
  const id = idOf(row.key);
  const deletes = new Map(edits.deletes);
  const updates = new Map(edits.updates);
  if (!deletes.delete(id)) {
    deletes.set(id, row);
    updates.delete(id);
  }
  return { ...edits, deletes, updates };
}

export function addRow(edits: Edits, set: Readonly<Record<string, NewValue>> = {}): Edits {
  return { ...edits, inserts: [{ id: crypto.randomUUID(), set }, ...edits.inserts] };
}

export function editNew(edits: Edits, at: number, column: string, value: NewValue): Edits {
  return {
    ...edits,
    inserts: edits.inserts.map((row, index) => {
      if (index !== at) return row;
      const { [column]: _, ...rest } = row.set;
      return { ...row, set: 'default' in value ? rest : { ...rest, [column]: value } };
    }),
  };
}

export function dropNew(edits: Edits, at: number): Edits {
  return { ...edits, inserts: edits.inserts.filter((_, index) => index !== at) };
}

/** As they will run: rows go before others may take their keys. */
export function changesOf({ updates, deletes, inserts }: Edits): RowChange[] {
  return [
    ...[...deletes.values()].map(({ key, version }): RowChange => ({ act: 'delete', key, version })),
    ...[...updates.values()].map(({ key, version, set }): RowChange => ({ act: 'update', key, version, set })),
    ...inserts.toReversed().map(({ set }): RowChange => ({ act: 'insert', set })),
  ];
}

export function changeCount({ updates, deletes, inserts }: Edits): number {
  return updates.size + deletes.size + inserts.length;
}

export function editedValue(edits: Edits, key: RowKey | null, column: string): NewValue | undefined {
  return key === null ? undefined : edits.updates.get(idOf(key))?.set[column];
}

export function isDeleted(edits: Edits, key: RowKey | null): boolean {
  return key !== null && edits.deletes.has(idOf(key));
}

export function isUpdated(edits: Edits, key: RowKey | null): boolean {
  return key !== null && edits.updates.has(idOf(key));
}

/** The key of a row that was read; null where rows cannot be told apart, or the key is too long for a page. */
export function keyOf(columns: readonly { name: string }[], cells: readonly SqlCell[], key: readonly string[]): RowKey | null {
  if (key.length === 0) return null;
  const values: Record<string, string | null> = {};
  for (const name of key) {
    const value = cells[columns.findIndex((column) => column.name === name)];
    if (value === undefined || (typeof value === 'object' && value !== null)) return null;
    values[name] = value;
  }
  return values;
}

function idOf(key: RowKey): string {
  return JSON.stringify(key);
}
