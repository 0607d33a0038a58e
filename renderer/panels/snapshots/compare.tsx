import { Button, Group, Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DiffCount, DiffPart, Snapshot, SnapshotEntry, StoreDiff } from '../../../preload/contract/index.ts';
import { tell } from '../../api/actions.tsx';
import { api, problemOf } from '../../api/client.ts';
import { useTasks } from '../../api/tasks.tsx';
import { count, dateTime, type Zone } from '../../ui/format.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import css from './compare.module.css';
import { SnapshotProgress } from './progress.tsx';
import { changeWords, labelOf, quoted } from './snapshot-view.ts';

interface CompareProps {
  stack: string;
  snapshot: Snapshot;
  entries: readonly SnapshotEntry[];
  zone: Zone;
}

/** What changed between a snapshot and now, or another one: counts at once, the content when it is asked for. */
export function CompareDialog({ onClose, ...props }: CompareProps & { onClose: () => void }) {
  const [opener] = useState(() => document.activeElement);
  const close = () => {
    onClose();
    requestAnimationFrame(() => (opener as HTMLElement | null)?.focus());
  };
  return (
    <Modal opened onClose={close} title={`What changed since ${quoted(props.snapshot)}`} size="xl">
      <Compare {...props} />
    </Modal>
  );
}

function Compare({ stack, snapshot, entries, zone }: CompareProps) {
  const [other, setOther] = useState<string | null>(null);
  const [task, setTask] = useState<string | null>(null);
  const { current, started } = useTasks();
  const counts = useQuery({
    queryKey: ['snapshot-counts', stack, snapshot.id, other],
    queryFn: () => api.snapshots.diffCounts({ stack, id: snapshot.id, other }),
    gcTime: 0,
  });
  const mine = task !== null && current?.summary.id === task;
  const running = mine && current.view.result === null;
  const diff = useQuery({
    queryKey: ['snapshot-diff', task],
    queryFn: () => api.snapshots.diffResult({ stack, task: task! }),
    enabled: mine && current.view.result?.ok === true,
  });
  const compare = () =>
    api.snapshots.diff({ stack, id: snapshot.id, other }).then((begun) => {
      setTask(begun.id);
      started(begun);
    }, tell);
  const others = entries.flatMap((entry) =>
    entry.state === 'whole' && entry.id !== snapshot.id
      ? [{ value: entry.id, label: `${labelOf(entry.snapshot)} · ${dateTime(entry.snapshot.createdAt, zone)}` }]
      : [],
  );
  return (
    <div className={css.compare}>
      <Select
        label="Compared with"
        data={[{ value: 'now', label: 'Now' }, ...others]}
        value={other ?? 'now'}
        allowDeselect={false}
        disabled={running}
        onChange={(value) => {
          setOther(value === 'now' ? null : value);
          setTask(null);
        }}
      />
      {counts.isError ? <ProblemBox problem={problemOf(counts.error)} /> : null}
      {counts.data ? <Counts counts={counts.data} /> : <p className="dim">Counting…</p>}
      {diff.data ? (
        diff.data.stores.map((store) => <Store key={store.service} store={store} />)
      ) : (
        <>
          <p className="dim">
            For the content, servers are started on a copy of the snapshot beside the stack, and cleared away again. The stack goes on.
          </p>
          {mine ? <SnapshotProgress /> : null}
          <Group justify="flex-end">
            <Button disabled={running || current?.summary.state === 'running'} onClick={() => void compare()}>
              Compare the content
            </Button>
          </Group>
        </>
      )}
    </div>
  );
}

function Counts({ counts }: { counts: readonly DiffCount[] }) {
  const changed = counts.filter(({ before, after }) => before !== after);
  if (changed.length === 0) return <p>The counts of all stores are the same.</p>;
  return (
    <table className={css.counts} aria-label="Counts">
      <thead>
        <tr>
          <th scope="col">Store</th>
          <th scope="col">What</th>
          <th scope="col">Then</th>
          <th scope="col">Compared with</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {changed.map(({ service, name, before, after }) => (
          <tr key={`${service} ${name}`}>
            <td>{service}</td>
            <td className="mono">{name}</td>
            <td className="num">{before === null ? 'not counted' : count(before)}</td>
            <td className="num">{after === null ? 'not counted' : count(after)}</td>
            <td className="num">
              {before === null || after === null ? '' : `${after > before ? '+' : '−'}${count(Math.abs(after - before))}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Store({ store: { service, item, state, why, notes, parts } }: { store: StoreDiff }) {
  return (
    <section className={css.store} aria-label={service}>
      <h3>
        {service}
        <span className="dim"> {state === 'same' ? 'the same' : state === 'not-compared' ? `not compared: ${why}` : ''}</span>
      </h3>
      {parts.map((part) => (
        <Part key={part.name} part={part} item={item} />
      ))}
      {notes.map((note) => (
        <p key={note} className="dim">
          {note}
        </p>
      ))}
    </section>
  );
}

function Part({ part, item }: { part: DiffPart; item: string }) {
  const rest = part.added + part.removed + part.changed - part.listed.length;
  return (
    <details className={css.part} open={part.listed.length <= 10}>
      <summary>
        <span className="mono">{part.name}</span> <span className="num">{changeWords(part, item)}</span>
      </summary>
      <ul className={css.entries}>
        {part.listed.map(({ key, before, after }) => (
          <li key={key}>
            <span className={`${css.key} mono cut`}>{key}</span>
            {before === null ? null : (
              <span className={`${css.before} mono cut`} title={before}>
                − {before}
              </span>
            )}
            {after === null ? null : (
              <span className={`${css.after} mono cut`} title={after}>
                + {after}
              </span>
            )}
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className="dim">and {count(rest)} more</p> : null}
    </details>
  );
}
