import { ActionIcon, Checkbox, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronRight, IconFilterOff, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { TagFilter } from '../../../../preload/contract/index.ts';
import { count } from '../../../ui/format.ts';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import css from '../metrics.module.css';
import { useTags, useTagValues } from '../use-catalog.ts';
import { useMetrics } from '../use-metrics.ts';

/** Tags of the measurement: which values are let through, and which tags make lines of their own. */
export function TagsPane({ bucket, measurement }: { bucket: string; measurement: string }) {
  const { search, set } = useMetrics();
  const tags = useTags(bucket, measurement);
  const filters = search.filters ?? [];
  const group = search.group ?? [];
  return (
    <>
      <PaneHead title="Tags">
        <Tooltip label="Let all values through">
          <ActionIcon aria-label="Clear filters" disabled={filters.length === 0} onClick={() => set({ filters: [] })}>
            <IconFilterOff size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </PaneHead>
      <div className={css.tags}>
        {tags.data?.names.map((key) => (
          <Tag
            key={key}
            of={{ bucket, measurement, key, filters }}
            chosen={filters.find((filter) => filter.key === key)?.values ?? []}
            grouped={group.includes(key)}
            onChosen={(values) => set({ filters: withFilter(filters, key, values) })}
            onGroup={() => set({ group: group.includes(key) ? group.filter((each) => each !== key) : [...group, key] })}
          />
        ))}
        {tags.data?.names.length === 0 ? <p className={css.quiet}>Points of this measurement have no tags.</p> : null}
      </div>
    </>
  );
}

function withFilter(filters: readonly TagFilter[], key: string, values: string[]): TagFilter[] {
  const others = filters.filter((filter) => filter.key !== key);
  return values.length === 0 ? others : [...others, { key, values }];
}

interface TagProps {
  of: { bucket: string; measurement: string; key: string; filters: TagFilter[] };
  chosen: string[];
  grouped: boolean;
  onChosen: (values: string[]) => void;
  onGroup: () => void;
}

const rowHeight = 26;

function Tag({ of, chosen, grouped, onChosen, onGroup }: TagProps) {
  const [open, setOpen] = useState(chosen.length > 0);
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed, 200);
  const values = useTagValues(of, text, open);
  const names = [...new Set([...chosen, ...(values.data?.names ?? [])])];
  const [at, setAt] = useState<number | null>(null);
  const toggle = (value: string) => onChosen(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <section className={css.tag} aria-label={`Tag ${of.key}`}>
      <div className={css.tagHead}>
        <button type="button" className={css.tagName} aria-expanded={open} onClick={() => setOpen(!open)} title={of.key}>
          <IconChevronRight size={14} stroke={1.75} data-open={open || undefined} aria-hidden />
          <span className="cut mono">{of.key}</span>
          {chosen.length > 0 ? <span className={css.pill}>{chosen.length === 1 ? chosen[0] || 'none' : count(chosen.length)}</span> : null}
        </button>
        <Tooltip label={grouped ? 'Lines are told apart by it' : 'Tell lines apart by it'}>
          <ActionIcon
            size={24}
            variant={grouped ? 'light' : 'subtle'}
            color={grouped ? 'accent' : 'gray'}
            aria-pressed={grouped}
            aria-label={`Group by ${of.key}`}
            onClick={onGroup}
          >
            <IconStack2 size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      {open ? (
        <>
          {values.data && (values.data.cut || names.length > 12 || typed !== '') ? (
            <TextInput
              size="xs"
              className={css.tagSearch}
              placeholder="Find a value"
              aria-label={`Find a value of ${of.key}`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          ) : null}
          <div style={{ height: Math.min(9, Math.max(1, names.length)) * rowHeight }}>
            <VirtualList
              label={`Values of ${of.key}`}
              count={names.length}
              rowHeight={rowHeight}
              selected={at}
              onSelect={setAt}
              onOpen={(index) => toggle(names[index]!)}
              row={(index) => {
                const name = names[index]!;
                return (
                  <Checkbox
                    size="xs"
                    className={css.tagValue}
                    checked={chosen.includes(name)}
                    onChange={() => toggle(name)}
                    label={
                      <span className="mono" title={name}>
                        {name === '' ? <i>none</i> : name}
                      </span>
                    }
                  />
                );
              }}
              empty={<span className={css.quiet}>{values.isPending ? '' : 'No values.'}</span>}
            />
          </div>
          {values.data?.cut ? (
            <p className={css.quiet}>The first {count(values.data.names.length)} are listed: type to find others.</p>
          ) : null}
        </>
      ) : null}
    </section>
  );
}
