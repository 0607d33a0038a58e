/** Cells of results as the grid shows them. */
import type { FluxColumn } from '../../../../preload/contract/index.ts';
import { dateTime, type Zone } from '../../../ui/format.ts';
import type { GridCell, GridColumn } from '../../../ui/grid/data-grid.tsx';

const widths: Readonly<Record<string, number>> = { time: 250, float: 120, int: 110, uint: 110, bool: 70 };

export function gridColumns(columns: readonly FluxColumn[]): GridColumn[] {
  return columns.map(({ name, type, group }, index) => ({
    key: `${index}`,
    name,
    type: group ? `${type}, group` : type,
    width: widths[type] ?? Math.min(320, Math.max(130, name.length * 9)),
    align: type === 'float' || type === 'int' || type === 'uint' ? 'right' : 'left',
    mark: group ? 'key' : undefined,
  }));
}

/** Copying gives what the server gave: times with all of their ns, numbers with all of their digits. */
export function gridCell(cell: string | null | undefined, type: string, zone: Zone, cut = false): GridCell {
  if (cell === null || cell === undefined) return { text: 'null', kind: 'null', copy: '' };
  if (type === 'time') return timeCell(cell, zone);
  if (type === 'float' || type === 'int' || type === 'uint') return { text: cell, kind: 'number' };
  if (type === 'bool') return { text: cell, kind: 'boolean' };
  if (cell === '') return { text: '', kind: 'empty' };
  return { text: cut ? `${cell}…` : cell, kind: 'text', link: uuid.test(cell) };
}

/** An id leads to its trace. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function timeCell(cell: string, zone: Zone): GridCell {
  const ms = Date.parse(cell);
  if (!Number.isFinite(ms)) return { text: cell, kind: 'text' };
  // What is finer than ms is shown as it came.
  const finer = /\.\d{3}(\d+)Z$/.exec(cell)?.[1];
  const shown = dateTime(ms, zone);
  return { text: finer === undefined ? shown : shown.replace(/(\.\d{3})/, `$1${finer}`), kind: 'text', copy: cell };
}
