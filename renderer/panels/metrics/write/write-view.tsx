import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPencilPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { LineCheck, LinePrecision, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { count, plural } from '../../../ui/format.ts';
import { Panes } from '../../../ui/panes.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../metrics.module.css';
import { useBuckets } from '../use-catalog.ts';
import { useMetrics } from '../use-metrics.ts';
import { FilePane } from './file-pane.tsx';
import { lineProtocol } from './language.ts';
import { ProblemList } from './problem-list.tsx';

const precisions: { value: LinePrecision; label: string }[] = [
  { value: 'ms', label: 'Times in ms' },
  { value: 's', label: 'Times in s' },
  { value: 'us', label: 'Times in µs' },
  { value: 'ns', label: 'Times in ns' },
];

type Outcome = { kind: 'none' } | { kind: 'written'; points: number; bucket: string } | { kind: 'failed'; problem: ProblemData };

/** Points by hand and by file, as line protocol. */
export function WriteView() {
  const { input, search, set } = useMetrics();
  const queries = useQueryClient();
  const buckets = (useBuckets().data ?? []).filter(({ system }) => !system);
  const bucket = buckets.find(({ name }) => name === search.bucket)?.name ?? buckets.find(({ own }) => own)?.name ?? buckets[0]?.name;
  const [precision, setPrecision] = useState<LinePrecision>('ms');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const language = useMemo(() => [lineProtocol()], []);
  const [settled] = useDebouncedValue(text, 250);
  const checked = useQuery({
    queryKey: ['metrics', input, 'lines', settled, precision],
    queryFn: ({ signal }) => api.metrics.write.check({ ...input, text: settled, precision }, { signal }),
    enabled: settled.trim() !== '',
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const check: LineCheck = text.trim() === '' ? { points: 0, problems: [] } : (checked.data ?? { points: 0, problems: [] });
  const [first] = settled === text ? check.problems : [];
  const problem = first ? { offset: first.offset, length: first.length, message: first.reason } : null;
  const write = async () => {
    if (bucket === undefined || text.trim() === '') return;
    setBusy(true);
    try {
      const { written } = await api.metrics.write.lines({ ...input, bucket, text, precision });
      setOutcome({ kind: 'written', points: written, bucket });
      setText('');
      void queries.invalidateQueries({ queryKey: ['metrics', input] });
    } catch (error) {
      setOutcome({ kind: 'failed', problem: problemOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const example = () => setText(`weather,city=Porto,station=s1 temperature=21.5,humidity=63i ${Date.now()}\n`);
  return (
    <Panes id="metrics.write" inspector={bucket === undefined ? null : <FilePane bucket={bucket} precision={precision} />}>
      <div className={css.page}>
        <Toolbar label="Write">
          <Select
            size="xs"
            w={220}
            aria-label="Bucket"
            data={buckets.map(({ name }) => name)}
            value={bucket ?? null}
            allowDeselect={false}
            onChange={(name) => set({ bucket: name ?? undefined })}
          />
          <Select
            size="xs"
            w={130}
            aria-label="Precision"
            data={precisions}
            value={precision}
            allowDeselect={false}
            onChange={(value) => setPrecision((value ?? 'ms') as LinePrecision)}
          />
          <Spring />
          <Button
            size="xs"
            leftSection={<IconPencilPlus size={14} stroke={1.6} />}
            loading={busy}
            disabled={check.points === 0 || check.problems.length > 0}
            onClick={() => void write()}
          >
            {check.points === 0 ? 'Write points' : `Write ${plural(check.points, 'point')}`}
          </Button>
        </Toolbar>
        <Editor
          label="Line protocol"
          value={text}
          onChange={(next) => {
            setText(next);
            // What was written is gone from the editor, and is still told.
            if (next !== '') setOutcome({ kind: 'none' });
          }}
          language={language}
          onRun={() => void write()}
          problem={problem}
          placeholder="measurement,tag=value field=1.5,other=2i,text=&quot;words&quot; 1767225600000"
          fill
          testId="lines-editor"
        />
        <div className={css.below}>
          {outcome.kind === 'written' ? (
            <p className={css.good} role="status">
              {plural(outcome.points, 'point')} written to {outcome.bucket}.
            </p>
          ) : null}
          {outcome.kind === 'failed' ? <ProblemBox problem={outcome.problem} /> : null}
          {check.problems.length > 0 ? (
            <>
              <p className={css.bad}>
                {check.problems.length === 1 ? 'One line is wrong' : `${count(check.problems.length)} lines are wrong`}: nothing is written
                until all are right.
              </p>
              <ProblemList problems={check.problems} />
            </>
          ) : null}
          {text.trim() === '' && outcome.kind === 'none' ? (
            <p className={css.quiet}>
              A point a line: its measurement and tags, its fields, its time. Ctrl+Enter writes.{' '}
              <button type="button" className={css.link} onClick={example}>
                Begin with an example
              </button>
            </p>
          ) : null}
        </div>
      </div>
    </Panes>
  );
}
