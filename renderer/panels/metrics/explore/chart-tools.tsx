import { ActionIcon, Button, Menu, SegmentedControl, Select, Tooltip } from '@mantine/core';
import {
  IconChartAreaLine,
  IconChartBar,
  IconChartHistogram,
  IconChartLine,
  IconCode,
  IconDots,
  IconDownload,
  IconGridDots,
  IconHash,
  IconPin,
  IconTable,
  IconTrash,
} from '@tabler/icons-react';
import type { Aggregate } from '../../../../preload/contract/index.ts';
import css from '../metrics.module.css';
import type { Draw } from '../search.ts';
import { useMetrics } from '../use-metrics.ts';
import { spanWord } from './range.ts';

const aggregates: { value: Aggregate; label: string }[] = [
  { value: 'mean', label: 'Mean' },
  { value: 'min', label: 'Least' },
  { value: 'max', label: 'Most' },
  { value: 'sum', label: 'Sum' },
  { value: 'count', label: 'Count' },
  { value: 'first', label: 'First' },
  { value: 'last', label: 'Last' },
  { value: 'rate', label: 'Growth a second' },
  { value: 'median', label: 'Median' },
  { value: 'p95', label: '95th percentile' },
];

const kinds: { value: Draw; label: string; icon: typeof IconChartLine }[] = [
  { value: 'line', label: 'Lines', icon: IconChartLine },
  { value: 'band', label: 'Mean with least and most', icon: IconChartAreaLine },
  { value: 'bar', label: 'Bars', icon: IconChartBar },
  { value: 'heat', label: 'Heat map', icon: IconGridDots },
  { value: 'histogram', label: 'Histogram', icon: IconChartHistogram },
  { value: 'value', label: 'Newest value', icon: IconHash },
  { value: 'table', label: 'Table', icon: IconTable },
];

const windows = [1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];

interface ChartActsProps {
  onPin: () => void;
  onFlux: () => void;
  onExport: () => void;
  onDelete: () => void;
}

/** How points become lines. @param drawn the window that was drawn, ms; undefined before anything was */
export function ChartTools({ drawn }: { drawn: number | undefined }) {
  const { search, set } = useMetrics();
  const every = search.every;
  const choices = every === undefined || windows.includes(every) ? windows : [...windows, every].sort((a, b) => a - b);
  const spread = search.draw === 'heat' || search.draw === 'histogram';
  return (
    <div className={css.tools}>
      <SegmentedControl
        size="xs"
        aria-label="Kind of chart"
        value={search.draw ?? 'line'}
        onChange={(value) => set({ draw: value as Draw })}
        data={kinds.map(({ value, label, icon: Icon }) => ({
          value,
          label: (
            <Tooltip label={label}>
              <span className={css.kind} data-testid={`metrics-draw-${value}`}>
                <Icon size={15} stroke={1.6} aria-hidden />
                <span className="srOnly">{label}</span>
              </span>
            </Tooltip>
          ),
        }))}
      />
      <Select
        size="xs"
        w={140}
        aria-label="Aggregate"
        data={aggregates}
        value={search.aggregate ?? 'mean'}
        allowDeselect={false}
        disabled={spread}
        onChange={(value) => set({ aggregate: (value ?? 'mean') as Aggregate })}
      />
      <Select
        size="xs"
        w={150}
        aria-label="Window"
        data={[
          { value: '0', label: drawn === undefined || every !== undefined ? 'Fitting window' : `Fitting: ${spanWord(drawn)}` },
          ...choices.map((ms) => ({ value: String(ms), label: `Every ${spanWord(ms)}` })),
        ]}
        value={String(every ?? 0)}
        allowDeselect={false}
        onChange={(value) => set({ every: Number(value) || undefined })}
      />
    </div>
  );
}

/** What can be done with the chart. */
export function ChartActs({ onPin, onFlux, onExport, onDelete }: ChartActsProps) {
  return (
    <div className={css.range}>
      <Button size="xs" variant="default" leftSection={<IconCode size={14} stroke={1.6} />} onClick={onFlux}>
        Edit as Flux
      </Button>
      <Button size="xs" variant="default" leftSection={<IconPin size={14} stroke={1.6} />} onClick={onPin}>
        Pin
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon aria-label="More">
            <IconDots size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={14} stroke={1.6} />} onClick={onExport}>
            Export as CSV
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} stroke={1.6} />} onClick={onDelete}>
            Delete these points…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
