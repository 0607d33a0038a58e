import { Button, Progress, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useEffect, useState } from 'react';
import type { ProblemData, RedisSelection, SelectionCount, TaskSummary } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { follow } from '../../../api/stream.ts';
import { count, duration, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import css from '../cache.module.css';
import type { Target } from '../context.ts';
import { ttlFrom } from '../times.ts';
import { afterTask } from './after-task.ts';

type Started = (task: TaskSummary) => void;

export function askBulkDelete(target: Target, selection: RedisSelection, what: string, started: Started, onDone: () => void): void {
  open('Delete keys', (close) => (
    <Counted
      target={target}
      selection={selection}
      what={what}
      commands={(keys) => `UNLINK key key …   (${plural(keys, 'key')}, a few hundred at a time)`}
      button={(keys) => `Delete ${plural(keys, 'key')}`}
      colour="red"
      close={close}
      act={async () => {
        const task = await api.cache.deleteKeys({ ...target, selection });
        started(task);
        afterTask(task.id, onDone);
      }}
    />
  ));
}

export function askBulkExpire(target: Target, selection: RedisSelection, what: string, started: Started): void {
  open('Change how long keys live', (close) => (
    <BulkExpire target={target} selection={selection} what={what} started={started} close={close} />
  ));
}

function BulkExpire({
  target,
  selection,
  what,
  started,
  close,
}: {
  target: Target;
  selection: RedisSelection;
  what: string;
  started: Started;
  close: () => void;
}) {
  const [text, setText] = useState('1h');
  const ttl = ttlFrom(text);
  return (
    <Counted
      target={target}
      selection={selection}
      what={what}
      commands={(keys) =>
        ttl === undefined ? '' : `${ttl === null ? 'PERSIST key' : `PEXPIRE key ${ttl}`}   (for each of ${count(keys)})`
      }
      button={(keys) =>
        ttl === null
          ? `Keep ${plural(keys, 'key')} for good`
          : `Let ${plural(keys, 'key')} expire in ${ttl === undefined ? '…' : duration(ttl)}`
      }
      ready={ttl !== undefined}
      close={close}
      act={async () => started(await api.cache.expireKeys({ ...target, selection, ttl: ttl ?? null }))}
    >
      <TextInput
        label="From now on they live for"
        description="90s, 15 min, 2h, 1d; nothing: for good"
        value={text}
        error={ttl === undefined ? 'This is no time.' : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </Counted>
  );
}

interface CountedProps {
  target: Target;
  selection: RedisSelection;
  what: string;
  commands: (keys: number) => string;
  button: (keys: number) => string;
  colour?: string;
  ready?: boolean;
  close: () => void;
  act: () => Promise<void>;
  children?: React.ReactNode;
}

/** Counts the keys an act is for and shows some of them, before its button can be pressed. */
function Counted({ target, selection, what, commands, button, colour, ready = true, close, act, children }: CountedProps) {
  const [counted, setCounted] = useState<SelectionCount | null>(null);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(
    () =>
      follow<SelectionCount>({
        open: (stream, signal) => api.cache.count({ ...target, selection, stream }, { signal }),
        onBatch: setCounted,
        onEnd: (outcome) => {
          if (outcome.kind === 'failed') setProblem(outcome.problem);
        },
      }),
    [target, selection],
  );
  const done = counted?.done === true;
  const run = async () => {
    setBusy(true);
    try {
      await act();
      close();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  return (
    <div className={css.form}>
      {children}
      <div role="status">
        {done ? (
          <>
            <b className="num">{plural(counted.keys, 'key')}</b>: {what}.
            {counted.own > 0 ? (
              <p className={css.warning}>
                {plural(counted.own, 'key')} of them {counted.own === 1 ? 'is' : 'are'} Noodlebox's own: without its ledger, data count as
                never loaded.
              </p>
            ) : null}
          </>
        ) : (
          <>
            Counting {what}… {counted ? `${count(counted.scanned)} of ${count(counted.total)} looked through` : ''}
            <Progress
              value={counted && counted.total > 0 ? (counted.scanned / counted.total) * 100 : 0}
              size={3}
              mt={6}
              aria-label="Counted"
            />
          </>
        )}
      </div>
      {done && counted.sample.length > 0 ? (
        <div>
          <div className={css.label}>{counted.keys > counted.sample.length ? `Some of them` : 'These'}</div>
          <pre className={css.commands}>{counted.sample.map((key) => key.slice(0, 200)).join('\n')}</pre>
        </div>
      ) : null}
      {done && counted.keys > 0 ? (
        <div>
          <div className={css.label}>What will run</div>
          <pre className={css.commands}>{commands(counted.keys)}</pre>
        </div>
      ) : null}
      {problem ? <ProblemBox problem={problem} /> : null}
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button color={colour} disabled={!done || counted.keys === 0 || !ready} loading={busy} onClick={() => void run()}>
          {done ? button(counted.keys) : 'Counting…'}
        </Button>
      </div>
    </div>
  );
}

function open(title: string, body: (close: () => void) => React.ReactNode): void {
  const modalId = crypto.randomUUID();
  modals.open({ modalId, title, size: 600, children: body(() => modals.close(modalId)) });
}
