import { ActionIcon, Button, Progress, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import {
  IconFolder,
  IconKeyOff,
  IconList,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconSitemap,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyRow, RedisType } from '../../../../preload/contract/index.ts';
import { count } from '../../../ui/format.ts';
import { Tree, type TreeRow } from '../../../ui/tree.tsx';
import { useAfter } from '../../../ui/use-now.ts';
import css from '../cache.module.css';
import { useCacheSearch, useFacts, useTarget } from '../context.ts';
import { keyTypes } from '../search.ts';
import { shortTtl } from '../times.ts';
import { BulkMenu } from './bulk-menu.tsx';
import { lookOf } from './look.ts';
import { askNewKey } from './new-key.tsx';
import type { Browse } from './use-browse.ts';

/** The keys: what narrows them, the tree or list itself, and how far the scan is. */
export function KeyTree({ browse }: { browse: Browse }) {
  const [search, set] = useCacheSearch();
  const target = useTarget();
  const facts = useFacts();
  const [chosen, setChosen] = useState<string | null>(search.key === undefined ? null : `k${search.key}`);
  useEffect(() => {
    if (search.key !== undefined) setChosen(`k${search.key}`);
  }, [search.key]);
  const select = (id: string) => {
    setChosen(id);
    if (id.startsWith('k')) set({ key: id.slice(1) });
  };
  const rowAt = (index: number): TreeRow | undefined => {
    const row = browse.rowAt(index);
    return row && treeRow(row);
  };
  const folder = chosen?.startsWith('f') ? chosen.slice(1) : null;

  return (
    <div className={css.keys}>
      <div className={css.keysHead}>
        <KeyFilter />
        <div className={css.line}>
          <Select
            size="xs"
            className={css.grow}
            aria-label="Type of key"
            data={[{ value: '', label: 'All types' }, ...keyTypes.map((type) => ({ value: type, label: lookOf(type).word }))]}
            value={search.type ?? ''}
            allowDeselect={false}
            onChange={(value) => set({ type: value === '' || value === null ? undefined : (value as RedisType) })}
          />
          <Tooltip label={search.list ? 'Show as a tree' : 'Show as a list'}>
            <ActionIcon
              aria-label={search.list ? 'Show as a tree' : 'Show as a list'}
              onClick={() => set({ list: search.list ? undefined : true })}
            >
              {search.list ? <IconSitemap size={15} stroke={1.6} /> : <IconList size={15} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Scan again">
            <ActionIcon aria-label="Scan again" onClick={browse.again}>
              <IconRefresh size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="New key">
            <ActionIcon aria-label="New key" onClick={() => askNewKey(target, folder ?? '', facts?.json ?? false, (key) => set({ key }))}>
              <IconPlus size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <BulkMenu folder={folder} onDone={browse.again} />
        </div>
      </div>
      <ScanProblem browse={browse} />
      <div className={css.tree}>
        {browse.view.kind === 'loading' ? <Skeleton /> : null}
        <NoKeys browse={browse} />
        <Tree
          label="Keys"
          count={browse.rows}
          rowAt={rowAt}
          want={browse.want}
          selected={chosen}
          onSelect={select}
          onToggle={(id) => browse.toggle(id.slice(1))}
          testId="key-tree"
        />
      </div>
      <ScanFoot browse={browse} />
    </div>
  );
}

function treeRow(row: KeyRow): TreeRow {
  if (row.kind === 'folder') {
    return {
      id: `f${row.key}`,
      depth: row.depth,
      label: row.label,
      state: row.open ? 'open' : 'closed',
      icon: IconFolder,
      hint: `${count(row.keys)}${row.loading ? ' …' : ''}`,
      hue: 'var(--nb-text-3)',
    };
  }
  const { icon, hue } = lookOf(row.type);
  const gone = row.type === 'none';
  const hint = gone ? 'gone' : row.ttl === null ? undefined : shortTtl(row.ttl);
  return { id: `k${row.key}`, depth: row.depth, label: row.label, state: 'leaf', icon, hue, hint, dim: gone };
}

function KeyFilter() {
  const [search, set] = useCacheSearch();
  const [typed, setTyped] = useState(search.text ?? '');
  const [text] = useDebouncedValue(typed, 250);
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => field.current?.focus()]]);
  const sent = useRef(search.text ?? '');
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    set({ text });
  }, [text, set]);
  useEffect(() => {
    // The address was changed from elsewhere: a link, the palette.
    if ((search.text ?? '') === sent.current) return;
    sent.current = search.text ?? '';
    setTyped(search.text ?? '');
  }, [search.text]);
  return (
    <TextInput
      ref={field}
      size="xs"
      leftSection={<IconSearch size={14} stroke={1.75} />}
      placeholder="Filter: session:*, or any part"
      aria-label="Filter keys"
      data-testid="key-filter"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (typed === '') event.currentTarget.blur();
        setTyped('');
      }}
    />
  );
}

/** What went wrong, short: the tree is narrow, and a server that is away is told of above. */
function ScanProblem({ browse }: { browse: Browse }) {
  const problem = browse.view.kind === 'failed' ? browse.view.problem : browse.view.kind === 'open' ? browse.view.state.problem : null;
  if (problem === null) return null;
  const away = problem.code === 'service-unreachable';
  return (
    <div className={css.treeProblem} role="alert" title={problem.why}>
      {away ? 'The server does not answer. The scan begins anew once it is back.' : problem.what}
      {away ? null : (
        <Button variant="default" onClick={browse.again}>
          Scan again
        </Button>
      )}
    </div>
  );
}

/** "Scanned N of M", always; stop and go on. */
function ScanFoot({ browse }: { browse: Browse }) {
  if (browse.view.kind !== 'open') return <div className={css.scanFoot} />;
  const { state, scanned, total, matched, unlisted } = browse.view.state;
  return (
    <div className={css.scanFoot}>
      {state === 'scanning' && total > 50_000 ? (
        <Progress value={total === 0 ? 100 : (scanned / total) * 100} size={2} className={css.scanBar} aria-label="Scanned" />
      ) : null}
      <span className="num" data-testid="scanned" role="status">
        {state === 'stopped' ? 'Stopped at' : 'Scanned'} {count(scanned)} of {count(total)}
        {matched === scanned ? '' : `, found ${count(matched)}`}
        {unlisted > 0 ? `, ${count(unlisted)} too long to list` : ''}
      </span>
      {state === 'done' || (state === 'scanning' && total <= 50_000) ? null : (
        <Tooltip label={state === 'scanning' ? 'Stop the scan' : 'Go on with the scan'}>
          <ActionIcon
            size={20}
            aria-label={state === 'scanning' ? 'Stop the scan' : 'Go on with the scan'}
            onClick={() => browse.steer(state === 'scanning' ? 'stop' : 'continue')}
          >
            {state === 'scanning' ? <IconPlayerStop size={13} /> : <IconPlayerPlay size={13} />}
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

function NoKeys({ browse }: { browse: Browse }) {
  const [search, set] = useCacheSearch();
  if (browse.view.kind !== 'open' || browse.view.state.state === 'scanning' || browse.rows > 0) return null;
  const narrowed = search.text !== undefined || search.type !== undefined;
  return (
    <div className={css.noKeys}>
      <IconKeyOff size={20} stroke={1.5} aria-hidden />
      {narrowed ? 'No key passes the filter.' : 'There is no key yet.'}
      {narrowed ? (
        <Button variant="default" onClick={() => set({ text: '', type: undefined })}>
          Clear the filter
        </Button>
      ) : null}
    </div>
  );
}

function Skeleton() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}
