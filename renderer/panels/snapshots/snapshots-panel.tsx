import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCamera, IconFlame } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type SnapshotEntry, spaceOf } from '../../../preload/contract/index.ts';
import { problemOf } from '../../api/client.ts';
import { useSettings } from '../../api/settings.ts';
import { useStack } from '../../api/stack.tsx';
import { useTasks } from '../../api/tasks.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { bytes, dateTime, duration, plural, type Zone } from '../../ui/format.ts';
import { Panes } from '../../ui/panes.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { Spring, Toolbar } from '../../ui/toolbar.tsx';
import { useAfter, useNow } from '../../ui/use-now.ts';
import { CompareDialog } from './compare.tsx';
import { askCreate } from './dialogs.tsx';
import { SnapshotProgress } from './progress.tsx';
import { askRetention } from './retention.tsx';
import { SnapshotInspector } from './snapshot-inspector.tsx';
import { age, holds, sizeOf, whyTaken } from './snapshot-view.ts';
import css from './snapshots.module.css';
import { TimeLine } from './time-line.tsx';
import { useSnapshotActs, useSnapshots } from './use-snapshots.ts';

/** The moments that the stack can be taken back to. */
export function SnapshotsPanel() {
  const navigate = useNavigate();
  const { id } = useSearch({ from: '/snapshots' });
  const zone = useSettings()?.times ?? 'local';
  const now = useNow(15_000);
  const list = useSnapshots();
  const acts = useSnapshotActs();
  const [comparing, setComparing] = useState(false);
  const { current } = useTasks();
  const { stack, view } = useStack();
  // An engine cannot rename volumes.
  const canBeHot = view.kind === 'ready' && view.status.runtime.kind === 'native';
  const busy = current?.summary.state === 'running' && current.view.result === null;
  const choose = (chosen: string | undefined) => void navigate({ to: '/snapshots', search: chosen === undefined ? {} : { id: chosen } });
  const entries = list.data ?? [];
  const selected = entries.find((entry) => entry.id === id);
  const take = (
    <Button leftSection={<IconCamera size={15} aria-hidden />} disabled={busy} onClick={() => askCreate(acts, canBeHot)}>
      Take a snapshot…
    </Button>
  );

  return (
    <Panes
      id="snapshots"
      inspector={
        selected ? (
          <SnapshotInspector
            entry={selected}
            zone={zone}
            busy={busy}
            acts={acts}
            canBeHot={canBeHot}
            onCompare={() => setComparing(true)}
            onClose={() => choose(undefined)}
          />
        ) : null
      }
    >
      {comparing && selected?.state === 'whole' ? (
        <CompareDialog stack={stack} snapshot={selected.snapshot} entries={entries} zone={zone} onClose={() => setComparing(false)} />
      ) : null}
      <Toolbar label="Snapshots">
        {take}
        <Button variant="default" onClick={() => askRetention(stack)}>
          Which stay…
        </Button>
        <Spring />
        <span className="dim num" role="status">
          {list.data === undefined ? '' : totals(entries)}
        </span>
      </Toolbar>
      <div className={css.body}>
        <SnapshotProgress />
        {list.isError ? (
          <ProblemBox problem={problemOf(list.error)}>
            <Button variant="default" onClick={() => void list.refetch()}>
              Try again
            </Button>
          </ProblemBox>
        ) : null}
        {list.isPending ? <Waiting /> : null}
        {list.data?.length === 0 ? (
          <EmptyState
            icon={IconCamera}
            line="A snapshot keeps the data of all services at one moment, in about a second, so that you can go back to it. Take one before anything you may want to undo."
            example="npx noodlebox snapshot create --name before"
          />
        ) : null}
        {entries.length === 0 ? null : (
          <>
            <TimeLine entries={entries} zone={zone} now={now} chosen={id} onChoose={choose} />
            <ul className={css.list} aria-label="Snapshots, newest first">
              {entries.map((entry) => (
                <li key={entry.id}>
                  <Row entry={entry} zone={zone} now={now} chosen={entry.id === id} onChoose={() => choose(entry.id)} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Panes>
  );
}

interface RowProps {
  entry: SnapshotEntry;
  zone: Zone;
  now: number;
  chosen: boolean;
  onChoose: () => void;
}

function Row({ entry, zone, now, chosen, onChoose }: RowProps) {
  if (entry.state === 'unreadable') {
    return (
      <button type="button" className={css.row} aria-pressed={chosen} onClick={onChoose}>
        <span className={css.name}>
          <IconAlertTriangle size={14} aria-hidden color="var(--nb-error)" /> {entry.id}
        </span>
        <span className={`${css.why} cut`}>Cannot be read: {entry.why}</span>
      </button>
    );
  }
  const { snapshot } = entry;
  return (
    <button type="button" className={css.row} aria-pressed={chosen} onClick={onChoose}>
      <span className={`${css.name} cut`} data-asked={snapshot.cause === 'asked' || undefined}>
        {entry.hot === null ? null : (
          <IconFlame size={14} aria-label={entry.hot.state === 'ready' ? 'hot' : 'hot, its copy is to be made'} />
        )}{' '}
        {snapshot.name ?? whyTaken(snapshot)}
      </span>
      <span className={`${css.when} num`} title={dateTime(snapshot.createdAt, zone)}>
        {age(now - snapshot.createdAt)}
      </span>
      <span className={`${css.size} num`}>{bytes(sizeOf(snapshot) + (entry.hot?.bytes ?? 0))}</span>
      <span className={`${css.pause} num dim`}>{snapshot.pause === null ? 'no pause' : `${duration(snapshot.pause)} pause`}</span>
      <span className={`${css.holds} cut num`}>{holds(snapshot)}</span>
    </button>
  );
}

function totals(entries: readonly SnapshotEntry[]): string {
  const size = entries.reduce((sum, entry) => sum + (entry.state === 'whole' ? spaceOf(entry.snapshot, entry.hot).most : 0), 0);
  return `${plural(entries.length, 'snapshot')}, ${bytes(size)}`;
}

function Waiting() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}
