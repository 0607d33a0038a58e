import { Button, Menu, Select } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconPlayerStop, IconPlus } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { api } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { Split } from '../../../ui/panes.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { quoted } from '../bson/shell.ts';
import { DocumentTable } from '../documents/document-table.tsx';
import { fieldsOf } from '../documents/fields.ts';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { type OpenResult, useResult } from '../query/use-result.ts';
import { ExportMenu } from '../transfer/export-menu.tsx';
import { shellWith } from '../ui/language.ts';
import { useFieldNames } from '../ui/use-field-names.ts';
import { SavedPipelines } from './saved-pipelines.tsx';
import { StageCard } from './stage-card.tsx';
import { moved, newStage, operatorOf, pipelineText, type Stage, templates, writing } from './stages.ts';
import { usePipeline } from './use-pipeline.ts';

const noQuery = { filter: '', project: '', sort: '', collation: '' };

/** A pipeline, stage by stage, with what leaves each of them; run whole into a table below. */
export function AggregationTab({ place }: { place: CollectionPlace }) {
  const { server, go } = usePlace();
  const { stack, service, database, collection } = place;
  const { stages, set } = usePipeline(place);
  const [input, setInput] = useState(10_000);
  const [asked, setAsked] = useState<{ pipeline: string; write: boolean; round: number } | null>(null);
  const names = useFieldNames(place);
  const language = useMemo(() => shellWith([...names, ...names.map((name) => `$${name}`)]), [names]);
  const open = useCallback<OpenResult>(
    (signal) =>
      api.documents.aggregate(
        { stack, service, database, collection, pipeline: asked?.pipeline ?? '[]', write: asked?.write ?? false },
        { signal },
      ),
    [stack, service, database, collection, asked],
  );
  const result = useResult(stack, service, asked === null ? null : open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: documents come with these, and only then
  const fields = useMemo(() => fieldsOf(result), [result.known, result.state]);
  const [selected, setSelected] = useState<number | null>(null);
  if (stages === null) return null;

  const pipeline = pipelineText(stages);
  const change = (next: readonly Stage[]) => set(next);
  const begin = (write: boolean) => {
    setSelected(null);
    setAsked((before) => ({ pipeline, write, round: (before?.round ?? 0) + 1 }));
  };
  const run = () => {
    const writer = writing(stages);
    if (writer === undefined) return begin(false);
    const operator = operatorOf(writer.text);
    askLoss({
      title: 'Run a pipeline that writes?',
      losses: [operator === '$out' ? 'what the collection named by $out holds now' : 'documents that $merge replaces in its collection'],
      statements: `db.getCollection(${quoted(collection)}).aggregate(${pipeline})`,
      button: `Run it and ${operator === '$out' ? 'overwrite the collection' : 'merge into the collection'}`,
      act: () => begin(true),
    });
  };
  const known = new Set(server?.stages ?? Object.keys(templates));
  const offered = Object.keys(templates).filter((operator) => known.has(operator) || operator === '$out' || operator === '$merge');
  const add = (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" leftSection={<IconPlus size={14} />} rightSection={<IconChevronDown size={12} />}>
          Add stage
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={css.menuLong}>
        {offered.map((operator) => (
          <Menu.Item key={operator} onClick={() => change([...stages, newStage(operator)])}>
            <code>{operator}</code>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
  const builder = (
    <div className={css.stages}>
      {stages.map((stage, index) => (
        <StageCard
          key={stage.id}
          place={place}
          stages={stages}
          index={index}
          input={input}
          language={language}
          onChange={(next) => change(stages.with(index, next))}
          onMove={(by) => change(moved(stages, index, index + by))}
          onRemove={() => change(stages.toSpliced(index, 1))}
          onRun={run}
        />
      ))}
      <div>{add}</div>
    </div>
  );
  const { state } = result;
  return (
    <>
      <Toolbar label="Pipeline">
        {state.kind === 'running' ? (
          <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={result.cancel}>
            Cancel
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={14} />} onClick={run}>
            Run
          </Button>
        )}
        {add}
        <span className="dim">Stages are tried on the first</span>
        <Select
          size="xs"
          w={120}
          aria-label="Documents that stages are tried on"
          data={['100', '1000', '10000', '100000'].map((value) => ({ value, label: Number(value).toLocaleString('en') }))}
          value={String(input)}
          allowDeselect={false}
          onChange={(value) => setInput(Number(value))}
        />
        <span className="dim">documents</span>
        <Spring />
        <SavedPipelines place={place} stages={stages} onChoose={change} />
        <Button variant="default" onClick={() => go({ tab: 'explain' })}>
          Explain
        </Button>
        <ExportMenu place={place} query={noQuery} pipeline={pipeline} />
      </Toolbar>
      {asked === null ? (
        builder
      ) : (
        <Split
          id="documents.pipeline"
          share={55}
          first={builder}
          second={
            <div className={css.documents}>
              {state.kind === 'failed' ? (
                <div className={css.aside}>
                  <ProblemBox problem={state.problem} />
                </div>
              ) : null}
              {state.kind === 'open' && result.known === 0 && result.done ? (
                <p className={css.aside}>
                  {asked.write ? 'Written. A pipeline that writes gives nothing back.' : 'The pipeline gives nothing.'}
                </p>
              ) : null}
              {state.kind === 'open' && result.known > 0 ? (
                <DocumentTable result={result} fields={fields} selected={selected} onSelect={setSelected} sort="" />
              ) : null}
            </div>
          }
        />
      )}
    </>
  );
}
