import { Button, Progress, SegmentedControl } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useEffect, useState } from 'react';
import type { ImportLook, ProblemData, TaskSummary } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { upload } from '../../../api/files.ts';
import { bytes, count, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import css from '../cache.module.css';
import type { Target } from '../context.ts';
import { shortTtl } from '../times.ts';
import { afterTask } from './after-task.ts';

export function askImport(target: Target, file: File, started: (task: TaskSummary) => void, onDone: () => void): void {
  const modalId = crypto.randomUUID();
  modals.open({
    modalId,
    title: `Import keys from ${file.name}`,
    size: 640,
    children: <ImportForm target={target} file={file} started={started} onDone={onDone} close={() => modals.close(modalId)} />,
  });
}

type View = { kind: 'sending'; share: number } | { kind: 'ready'; id: string; look: ImportLook } | { kind: 'failed'; problem: ProblemData };

/** What the file would do, before it does it. */
function ImportForm({
  target,
  file,
  started,
  onDone,
  close,
}: {
  target: Target;
  file: File;
  started: (task: TaskSummary) => void;
  onDone: () => void;
  close: () => void;
}) {
  const [view, setView] = useState<View>({ kind: 'sending', share: 0 });
  const [existing, setExisting] = useState<'skip' | 'replace'>('skip');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let stale = false;
    const look = async () => {
      const id = await upload(file, (share) => !stale && setView({ kind: 'sending', share }));
      const found = await api.cache.lookImport({ ...target, upload: id });
      if (!stale) setView({ kind: 'ready', id, look: found });
    };
    look().catch((error) => !stale && setView({ kind: 'failed', problem: problemOf(error) }));
    return () => {
      stale = true;
    };
  }, [target, file]);

  if (view.kind === 'failed') return <ProblemBox problem={view.problem} />;
  if (view.kind === 'sending') {
    return (
      <div className={css.form} role="status">
        Reading {file.name}…
        <Progress value={view.share * 100} size={3} aria-label="Sent" />
      </div>
    );
  }
  const { look, id } = view;
  const keys = existing === 'skip' ? look.keys - look.conflicts : look.keys;
  const run = async () => {
    setBusy(true);
    try {
      const task = await api.cache.importKeys({ ...target, upload: id, existing });
      started(task);
      afterTask(task.id, onDone);
      close();
    } catch (error) {
      setView({ kind: 'failed', problem: problemOf(error) });
    }
  };
  return (
    <div className={css.form}>
      <div>
        <b className="num">{plural(look.keys, 'key')}</b> in the file
        {look.conflicts > 0 ? `, ${count(look.conflicts)} of which are there already` : ', none of which is there yet'}.
        {look.bad > 0 ? <p className={css.warning}>{`${plural(look.bad, 'line')} cannot be read. ${look.firstBad ?? ''}`}</p> : null}
      </div>
      {look.conflicts > 0 ? (
        <>
          <SegmentedControl
            size="xs"
            aria-label="Keys that are there already"
            data={[
              { value: 'skip', label: 'Leave those as they are' },
              { value: 'replace', label: 'Replace them' },
            ]}
            value={existing}
            onChange={(next) => setExisting(next as 'skip' | 'replace')}
          />
          <pre className={css.commands}>{look.conflictSample.map((key) => key.slice(0, 200)).join('\n')}</pre>
        </>
      ) : null}
      <table className={css.table}>
        <tbody>
          {look.sample.map(({ key, type, ttl, bytes: size }) => (
            <tr key={key}>
              <td className="mono cut">{key.slice(0, 200)}</td>
              <td>{type}</td>
              <td className={css.right}>{ttl === null ? 'for good' : shortTtl(ttl)}</td>
              <td className={css.right}>{bytes(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <div className={css.label}>What will run</div>
        <pre
          className={css.commands}
        >{`RESTORE key ttl payload${existing === 'replace' ? ' REPLACE' : ''}   (for each of ${count(keys)})`}</pre>
      </div>
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          color={existing === 'replace' && look.conflicts > 0 ? 'red' : undefined}
          disabled={keys === 0}
          loading={busy}
          onClick={() => void run()}
        >
          {existing === 'replace' && look.conflicts > 0
            ? `Import ${count(keys)}, replacing ${plural(look.conflicts, 'key')}`
            : `Import ${plural(keys, 'key')}`}
        </Button>
      </div>
    </div>
  );
}
