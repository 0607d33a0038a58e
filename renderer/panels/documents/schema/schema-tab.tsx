import { Button, Select } from '@mantine/core';
import { IconPlayerStop, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ProblemData, SchemaField, SchemaReport } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { follow } from '../../../api/stream.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { count, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { FieldInspector } from './field-inspector.tsx';
import { hueOfType, percent } from './types.ts';

type View = { kind: 'none' } | { kind: 'open'; report: SchemaReport; running: boolean } | { kind: 'failed'; problem: ProblemData };

const words = {
  sample: 'taken at random by the server',
  spread: 'taken at places spread over the collection, because the server cannot sample',
  first: 'the first ones, because the server cannot sample what a filter finds',
} as const;

/** The schema that documents really have, found out from a sample. */
export function SchemaTab({ place, show }: { place: CollectionPlace; show: (inspector: ReactNode) => void }) {
  const { search } = usePlace();
  const { stack, service, database, collection } = place;
  const filter = search.filter ?? '';
  const [size, setSize] = useState(1_000);
  const [view, setView] = useState<View>({ kind: 'none' });
  const [chosen, setChosen] = useState<number | null>(null);
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);
  const analyse = () => {
    stop.current();
    setChosen(null);
    setView({ kind: 'open', report: { read: 0, wanted: size, by: 'first', fields: [], cut: false, done: false }, running: true });
    stop.current = follow<SchemaReport>({
      open: (stream, signal) => api.documents.schema({ stack, service, database, collection, filter, size, stream }, { signal }),
      onBatch: (report) => setView({ kind: 'open', report, running: !report.done }),
      onEnd: (outcome) => {
        if (outcome.kind === 'failed') setView(outcome);
      },
    });
  };
  const cancel = () => {
    stop.current();
    setView((before) => (before.kind === 'open' ? { ...before, running: false } : before));
  };
  const fields = view.kind === 'open' ? view.report.fields : [];
  const field = chosen === null ? undefined : fields[chosen];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field that is chosen stands beside
  useEffect(() => show(field === undefined ? null : <FieldInspector field={field} onClose={() => setChosen(null)} />), [field]);
  const running = view.kind === 'open' && view.running;
  return (
    <>
      <Toolbar label="Schema">
        {running ? (
          <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={cancel}>
            Stop
          </Button>
        ) : (
          <Button leftSection={<IconSearch size={14} />} onClick={analyse}>
            Analyse
          </Button>
        )}
        <Select
          size="xs"
          w={160}
          aria-label="Size of the sample"
          data={['100', '1000', '10000', '100000'].map((value) => ({ value, label: `${Number(value).toLocaleString('en')} documents` }))}
          value={String(size)}
          allowDeselect={false}
          onChange={(value) => setSize(Number(value))}
        />
        {filter === '' ? null : <span className="dim cut">of what the filter {filter} finds</span>}
        <Spring />
        <span className="dim num" role="status">
          {view.kind === 'open'
            ? `${plural(view.report.fields.length, 'field')} in ${count(view.report.read)} documents${view.report.done ? `, ${words[view.report.by]}` : ''}${view.report.cut ? '; more fields were there' : ''}`
            : ''}
        </span>
      </Toolbar>
      {view.kind === 'failed' ? (
        <div className={css.aside}>
          <ProblemBox problem={view.problem} />
        </div>
      ) : null}
      {view.kind === 'none' ? (
        <EmptyState
          icon={IconSearch}
          line="Which fields do documents really have, of which types, with which values? A sample is read and tells; nothing is changed."
          button={<Button onClick={analyse}>Analyse {count(size)} documents</Button>}
        />
      ) : null}
      {view.kind === 'open' ? (
        <VirtualList
          label="Fields"
          count={fields.length}
          rowHeight={32}
          row={(at) => (fields[at] ? <FieldRow field={fields[at]} /> : null)}
          selected={chosen}
          onSelect={setChosen}
          testId="schema-fields"
        />
      ) : null}
    </>
  );
}

function FieldRow({ field }: { field: SchemaField }) {
  const [first] = field.types;
  const name = field.path.endsWith('[]') ? '[ ]' : field.path.slice(field.path.lastIndexOf('.') + 1);
  const example = first?.values
    .slice(0, 4)
    .map(({ text }) => text)
    .join(', ');
  return (
    <div className={css.field}>
      <span className={`${css.fieldName} cut`} style={{ paddingLeft: field.depth * 14 }} title={field.path}>
        {name}
      </span>
      <span className={css.fieldTypes}>
        <span className={css.bar} aria-hidden>
          {field.types.map(({ type, count: n }) => (
            <span key={type} style={{ width: `${(n / Math.max(1, field.of)) * 100}%`, background: hueOfType(type) }} />
          ))}
        </span>
        <span className="cut">
          {field.types.map(({ type, count: n }) => (field.types.length === 1 ? type : `${type} ${percent(n, field.count)}`)).join(', ')}
        </span>
      </span>
      <span className={`${css.fieldShare} num`}>{percent(field.count, field.of)}</span>
      <span className={`${css.fieldValues} cut`}>
        {first?.type === 'array'
          ? `${first.least === first.most ? first.least : `${first.least}–${first.most}`} elements`
          : first?.least != null && first.least !== first.most
            ? `${first.least} – ${first.most}`
            : example}
      </span>
    </div>
  );
}
