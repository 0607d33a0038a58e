import { ActionIcon, Button, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { IconArrowsSort, IconDownload, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { KeyHead } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { useSettings } from '../../../api/settings.ts';
import { count, dateTime } from '../../../ui/format.ts';
import { DataGrid } from '../../../ui/grid/data-grid.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar } from '../../../ui/toolbar.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { AddForm } from './add-element.tsx';
import { askRemove } from './element-inspector.tsx';
import { type ChosenElement, cellOf, columnsOf, type ElementType, elementWord } from './elements.ts';
import { StreamGroups } from './stream-groups.tsx';
import { useElements } from './use-elements.ts';

interface ElementsViewProps {
  head: KeyHead;
  type: ElementType;
  chosen: ChosenElement | null;
  onChoose: (chosen: ChosenElement | null) => void;
  onReload: () => void;
}

/** Elements of a hash, list, set, sorted set or stream as a grid; one that is chosen opens at the right. */
export function ElementsView({ head, type, chosen, onChoose, onReload }: ElementsViewProps) {
  const target = useTarget();
  const zone = useSettings()?.times ?? 'local';
  const [part, setPart] = useState<'elements' | 'groups'>('elements');
  const [match, setMatch] = useState('');
  const [min, setMin] = useState('');
  const [max, setMax] = useState('');
  const [descending, setDescending] = useState(type === 'stream');
  const [filter] = useDebouncedValue(JSON.stringify({ match, min: min.trim(), max: max.trim(), descending }), 250);
  const elements = useElements(target, head.key, type, JSON.parse(filter));
  const begin = useExport();
  const columns = columnsOf(type);
  const [at, setAt] = useState<{ row: number; column: number } | null>(null);
  useEffect(() => {
    if (chosen === null) setAt(null);
  }, [chosen]);
  const choose = (cell: { row: number; column: number } | null) => {
    setAt(cell);
    const row = cell === null ? undefined : elements.at(cell.row);
    onChoose(row === undefined ? null : { type, row });
  };
  const add = () => {
    const modalId = crypto.randomUUID();
    const close = () => modals.close(modalId);
    modals.open({
      modalId,
      title: `Add ${type === 'list' || type === 'stream' ? 'an' : 'a'} ${elementWord[type]}`,
      size: 560,
      children: (
        <AddForm
          target={target}
          keyName={head.key}
          type={type}
          button={`Add the ${elementWord[type]}`}
          onCancel={close}
          onDone={() => {
            close();
            onReload();
          }}
        />
      ),
    });
  };

  return (
    <div className={css.elements}>
      <div className={css.valueBar}>
        {type === 'stream' ? (
          <SegmentedControl
            size="xs"
            aria-label="Part of the stream"
            data={[
              { value: 'elements', label: 'Entries' },
              { value: 'groups', label: 'Groups' },
            ]}
            value={part}
            onChange={(next) => setPart(next as 'elements' | 'groups')}
          />
        ) : null}
        {type === 'hash' || type === 'set' || type === 'zset' ? (
          <TextInput
            size="xs"
            className={css.grow}
            placeholder={type === 'hash' ? 'Fields that match' : 'Members that match'}
            aria-label={type === 'hash' ? 'Filter fields' : 'Filter members'}
            value={match}
            onChange={(event) => setMatch(event.currentTarget.value)}
          />
        ) : null}
        {(type === 'zset' || type === 'stream') && part === 'elements' ? (
          <>
            <TextInput
              size="xs"
              w={130}
              aria-label="From"
              placeholder={type === 'zset' ? 'score from, (1' : 'from id or ms'}
              value={min}
              onChange={(event) => setMin(event.currentTarget.value)}
            />
            <TextInput
              size="xs"
              w={130}
              aria-label="To"
              placeholder={type === 'zset' ? 'score to' : 'to id or ms'}
              value={max}
              onChange={(event) => setMax(event.currentTarget.value)}
            />
            <Button variant="default" leftSection={<IconArrowsSort size={14} stroke={1.6} />} onClick={() => setDescending(!descending)}>
              {type === 'stream' ? (descending ? 'Newest first' : 'Oldest first') : descending ? 'Highest first' : 'Lowest first'}
            </Button>
          </>
        ) : null}
        <span className={css.spring} />
        {part === 'elements' ? (
          <>
            <Tooltip label="Export these elements">
              <ActionIcon
                aria-label="Export these elements"
                onClick={() => begin(() => api.cache.exportElements({ ...target, key: head.key, filter: JSON.parse(filter) }))}
              >
                <IconDownload size={15} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
            <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
              Add…
            </Button>
          </>
        ) : null}
      </div>
      {elements.problem && part === 'elements' ? <ProblemBox problem={elements.problem} /> : null}
      {part === 'groups' ? (
        <StreamGroups keyName={head.key} onReload={onReload} />
      ) : (
        <>
          <DataGrid
            label={`Elements of ${head.key.slice(0, 100)}`}
            columns={columns}
            rowCount={elements.rows}
            cellAt={(row, column) => {
              const element = elements.at(row);
              return element && cellOf(element, columns[column]!.key, (ms) => (Number.isFinite(ms) ? dateTime(ms, zone) : ''));
            }}
            want={elements.want}
            selected={at}
            onSelect={choose}
            onDelete={(cell) => {
              const row = elements.at(cell.row);
              if (row && !row.long) askRemove(target, head.key, { type, row }, onReload);
            }}
            rowLabel={type === 'list' ? () => '' : undefined}
            empty={elements.total === null ? null : 'Nothing passes the filter.'}
            testId="elements"
          />
          <FootBar>
            <span role="status">
              {elements.total === null
                ? ''
                : elements.more
                  ? `${count(elements.rows)} loaded of ${count(elements.total)}; scroll on for more`
                  : `${count(elements.rows)} of ${count(elements.total)}`}
            </span>
          </FootBar>
        </>
      )}
    </div>
  );
}
