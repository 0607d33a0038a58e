import { useMemo, useState } from 'react';
import type { Chart } from '../../../../preload/contract/index.ts';
import { dateTime, type Zone } from '../../../ui/format.ts';
import { DataGrid, type GridCell, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import { lineNames } from './labels.ts';

/** The windows of a chart as rows, the newest first. */
export function ChartTable({ chart, measurement, zone }: { chart: Chart; measurement: string; zone: Zone }) {
  const [selected, setSelected] = useState<{ row: number; column: number } | null>(null);
  const columns = useMemo((): GridColumn[] => {
    const names = lineNames(chart.lines, measurement);
    return [
      { key: '_time', name: 'time', width: 240 },
      ...names.map((name, index) => ({ key: `${index}`, name, align: 'right' as const, width: 150 })),
    ];
  }, [chart, measurement]);
  const cellAt = (row: number, column: number): GridCell => {
    const at = chart.times.length - 1 - row;
    if (column === 0) return { text: dateTime(chart.times[at]!, zone), kind: 'text', copy: new Date(chart.times[at]!).toISOString() };
    const value = chart.lines[column - 1]?.values[at] ?? null;
    return value === null ? { text: '', kind: 'missing' } : { text: String(value), kind: 'number' };
  };
  return (
    <DataGrid
      label="Windows of the chart"
      columns={columns}
      rowCount={chart.times.length}
      cellAt={cellAt}
      selected={selected}
      onSelect={setSelected}
      testId="metrics-table"
    />
  );
}
