import { ActionIcon, Button, Menu, Popover, Select, TextInput, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconClock, IconRefresh, IconZoomOut } from '@tabler/icons-react';
import { useState } from 'react';
import type { MetricRange } from '../../../../preload/contract/index.ts';
import { dateTime } from '../../../ui/format.ts';
import css from '../metrics.module.css';
import { ofRange, rangeOf } from '../search.ts';
import { useMetrics } from '../use-metrics.ts';
import { fixed, fromField, panned, presets, spanWord, toField, widened } from './range.ts';

const refreshChoices = [
  { value: '0', label: 'No refresh' },
  { value: '5', label: 'Every 5 s' },
  { value: '10', label: 'Every 10 s' },
  { value: '30', label: 'Every 30 s' },
  { value: '60', label: 'Every minute' },
];

interface RangePickerProps {
  onRefresh: () => void;
  busy: boolean;
  /** Seconds between two looks where nobody chose otherwise; 0: none; null: it is only looked when asked to. */
  refresh?: number | null;
}

/** From when to when, moving about in time, and how often it is looked at again. */
export function RangePicker({ onRefresh, busy, refresh = 0 }: RangePickerProps) {
  const { search, set, zone } = useMetrics();
  const range = rangeOf(search);
  const go = (next: MetricRange) => set(ofRange(next));
  const [custom, setCustom] = useState(false);
  const words =
    'last' in range
      ? (presets.find(({ last }) => last === range.last)?.label ?? `Last ${spanWord(range.last)}`)
      : rangeWords(range.start, range.stop, zone);
  return (
    <div className={css.range}>
      <Tooltip label="Earlier">
        <ActionIcon aria-label="Earlier" onClick={() => go(panned(range, -0.5, Date.now()))}>
          <IconChevronLeft size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <Popover opened={custom} onChange={setCustom} position="bottom-start" withinPortal trapFocus>
        <Popover.Target>
          <span>
            <Menu position="bottom-start" withinPortal>
              <Menu.Target>
                <Button variant="default" size="xs" leftSection={<IconClock size={14} stroke={1.6} />} data-testid="metrics-range">
                  <span className="num">{words}</span>
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {presets.map(({ last, label }) => (
                  <Menu.Item key={last} onClick={() => go({ last })}>
                    {label}
                  </Menu.Item>
                ))}
                <Menu.Divider />
                <Menu.Item onClick={() => setCustom(true)}>From and to…</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </span>
        </Popover.Target>
        <Popover.Dropdown>
          <FromTo
            range={range}
            onRange={(next) => {
              setCustom(false);
              go(next);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <Tooltip label="Later">
        <ActionIcon aria-label="Later" onClick={() => go(panned(range, 0.5, Date.now()))}>
          <IconChevronRight size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Twice as much time">
        <ActionIcon aria-label="Zoom out" onClick={() => go(widened(range, Date.now()))}>
          <IconZoomOut size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {refresh === null ? null : (
        <Select
          size="xs"
          w={124}
          aria-label="Refresh"
          data={refreshChoices}
          value={String(search.refresh ?? refresh)}
          allowDeselect={false}
          disabled={!('last' in range)}
          onChange={(value) => set({ refresh: Number(value) === refresh ? undefined : Number(value) })}
        />
      )}
      <Tooltip label="Look again">
        <ActionIcon aria-label="Refresh now" onClick={onRefresh} data-busy={busy || undefined}>
          <IconRefresh size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** "2026-03-01 14:03:27 to 15:03:27"; the second date only where it is another. */
function rangeWords(start: number, stop: number, zone: 'local' | 'utc'): string {
  const [from, to] = [dateTime(start, zone).slice(0, 19), dateTime(stop, zone).slice(0, 19)];
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

function FromTo({ range, onRange }: { range: MetricRange; onRange: (range: MetricRange) => void }) {
  const now = fixed(range, Date.now());
  const [from, setFrom] = useState(toField(now.start));
  const [to, setTo] = useState(toField(now.stop));
  const start = fromField(from);
  const stop = fromField(to);
  const wrong = start === null || stop === null ? 'These are no times.' : stop <= start ? 'It must end after it starts.' : null;
  return (
    <form
      className={css.fromTo}
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong === null) onRange({ start: start!, stop: stop! });
      }}
    >
      <TextInput
        size="xs"
        type="datetime-local"
        step={1}
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        step={1}
        label="To (your own time zone)"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={wrong}
      />
      <Button type="submit" disabled={wrong !== null}>
        Show this range
      </Button>
    </form>
  );
}
