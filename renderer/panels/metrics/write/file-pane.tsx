import { Button, FileButton, Progress } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useEffect, useState } from 'react';
import type { LinePrecision, TaskSummary } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { upload } from '../../../api/files.ts';
import { useTasks } from '../../../api/tasks.tsx';
import { bytes, count, plural } from '../../../ui/format.ts';
import { PaneHead } from '../../../ui/toolbar.tsx';
import css from '../metrics.module.css';
import { useMetrics } from '../use-metrics.ts';
import { ProblemList } from './problem-list.tsx';

type Sending =
  | { kind: 'none' }
  | { kind: 'sending'; name: string; bytes: number; share: number }
  | { kind: 'writing'; name: string; task: TaskSummary; report: string };

/** A file of line protocol, of any size: sent to the core, written in batches, its wrong lines told. */
export function FilePane({ bucket, precision }: { bucket: string; precision: LinePrecision }) {
  const { input } = useMetrics();
  const { started } = useTasks();
  const [sending, setSending] = useState<Sending>({ kind: 'none' });
  const [over, setOver] = useState(false);
  const send = async (file: File | null | undefined) => {
    if (!file) return;
    setSending({ kind: 'sending', name: file.name, bytes: file.size, share: 0 });
    try {
      const id = await upload(file, (share) => setSending({ kind: 'sending', name: file.name, bytes: file.size, share }));
      const { task, report } = await api.metrics.write.file({ ...input, bucket, upload: id, precision });
      started(task);
      setSending({ kind: 'writing', name: file.name, task, report });
    } catch (error) {
      setSending({ kind: 'none' });
      tell(error);
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  return (
    <>
      <PaneHead title="From a file" />
      <section
        className={css.drop}
        aria-label="Drop a file here"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <FileButton onChange={(file) => void send(file)} inputProps={{ 'data-testid': 'lines-file' } as never}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              leftSection={<IconFileUpload size={14} stroke={1.6} />}
              disabled={sending.kind === 'sending'}
            >
              Choose a file
            </Button>
          )}
        </FileButton>
        <p className="dim">or drop it here: line protocol, plain or gzipped, of any size. It is written to {bucket}.</p>
      </section>
      {sending.kind === 'sending' ? (
        <div className={css.sending}>
          <span className="cut">
            {sending.name}, {bytes(sending.bytes)}
          </span>
          <Progress value={sending.share * 100} size="sm" aria-label="Sent" />
        </div>
      ) : null}
      {sending.kind === 'writing' ? <Report key={sending.report} name={sending.name} task={sending.task} report={sending.report} /> : null}
    </>
  );
}

function Report({ name, task, report }: { name: string; task: TaskSummary; report: string }) {
  const { input } = useMetrics();
  const { current } = useTasks();
  const queries = useQueryClient();
  const state = current?.summary.id === task.id ? current.summary.state : undefined;
  const ended = state === 'failed' || state === 'cancelled';
  const asked = useQuery({
    queryKey: ['metrics-report', input, report],
    queryFn: ({ signal }) => api.metrics.write.report({ ...input, report }, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.done || ended ? false : 500),
  });
  const done = asked.data?.done ?? false;
  useEffect(() => {
    if (done) void queries.invalidateQueries({ queryKey: ['metrics'] });
  }, [done, queries]);
  if (!asked.data) return null;
  const { written, bad, problems } = asked.data;
  return (
    <div className={css.report} role="status">
      <p className="cut" title={name}>
        {name}
      </p>
      <p className={done && bad === 0 ? css.good : undefined} data-testid="lines-report">
        {plural(written, 'point')} written{done ? '' : ended ? `, then ${state}` : ' so far'}
        {bad > 0 ? `, ${plural(bad, 'line')} left out` : ''}.
      </p>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {bad > problems.length ? <p className={css.quiet}>and {count(bad - problems.length)} more.</p> : null}
    </div>
  );
}
