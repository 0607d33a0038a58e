import { Button, SegmentedControl } from '@mantine/core';
import { IconBulb, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentExplanation } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Code } from '../../../ui/editor/code.tsx';
import { count, duration } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { pipelineText } from '../aggregation/stages.ts';
import { usePipeline } from '../aggregation/use-pipeline.ts';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { queryWords } from '../query/history.ts';
import { shellLanguage } from '../ui/language.ts';

/** How the server finds what the query, or the pipeline, asks for. */
export function ExplainTab({ place }: { place: CollectionPlace }) {
  const { search, go, server } = usePlace();
  const { stages } = usePipeline(place);
  const [what, setWhat] = useState<'query' | 'pipeline'>('query');
  const [run, setRun] = useState(true);
  const query = { filter: search.filter ?? '', project: search.project ?? '', sort: search.sort ?? '', collation: search.collation ?? '' };
  const pipeline = stages === null ? '[]' : pipelineText(stages.filter(({ text }) => !/^\s*\{\s*\$(out|merge)\b/.test(text)));
  const asked = what === 'query' ? { ...place, ...query, run } : { ...place, pipeline, run };
  const explained = useQuery({
    queryKey: ['documents', 'explain', asked],
    queryFn: ({ signal }) => api.documents.explain(asked, { signal }),
    retry: false,
    enabled: server?.can.explain !== false && (what === 'query' || stages !== null),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <>
      <Toolbar label="Explain">
        <SegmentedControl
          size="xs"
          aria-label="What is explained"
          data={[
            { value: 'query', label: 'The query' },
            { value: 'pipeline', label: 'The pipeline' },
          ]}
          value={what}
          onChange={(next) => setWhat(next as 'query' | 'pipeline')}
        />
        <SegmentedControl
          size="xs"
          aria-label="How it is explained"
          data={[
            { value: 'run', label: 'Run and measured' },
            { value: 'plan', label: 'Only the plan' },
          ]}
          value={run ? 'run' : 'plan'}
          onChange={(next) => setRun(next === 'run')}
        />
        <code className={`${css.explained} cut`}>{what === 'query' ? queryWords(query) : pipeline.replaceAll(/\s+/g, ' ')}</code>
        <Spring />
        <Button variant="default" onClick={() => go({ tab: what === 'query' ? 'documents' : 'aggregation' })}>
          Edit it
        </Button>
        <Button leftSection={<IconPlayerPlay size={14} />} loading={explained.isFetching} onClick={() => void explained.refetch()}>
          Explain again
        </Button>
      </Toolbar>
      {server?.can.explain === false ? <div className={css.note}>{server.program} does not explain.</div> : null}
      {explained.isError ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(explained.error)} />
        </div>
      ) : null}
      {explained.data ? <Told explanation={explained.data} /> : null}
    </>
  );
}

function Told({ explanation }: { explanation: DocumentExplanation }) {
  const { summary, stages, remarks, ejson } = explanation;
  const figures = [
    ['Returned', summary.returned],
    ['Documents read', summary.docs],
    ['Index keys read', summary.keys],
  ] as const;
  return (
    <div className={css.scroll} data-testid="explanation">
      {remarks.map((remark) => (
        <p key={remark} className={css.remark} data-warn={summary.scan || summary.sorts || /^No index/.test(remark) || undefined}>
          <IconBulb size={15} stroke={1.6} aria-hidden />
          {remark}
        </p>
      ))}
      {stages.length === 0 ? null : (
        <div className={css.figures}>
          {figures.map(([name, value]) => (
            <div key={name}>
              <span className="dim">{name}</span>
              <b className="num">{value === null ? '–' : count(value)}</b>
            </div>
          ))}
          <div>
            <span className="dim">Took</span>
            <b className="num">{summary.took === null ? '–' : duration(summary.took)}</b>
          </div>
          <div>
            <span className="dim">Indexes</span>
            <b>{summary.indexes.length === 0 ? 'none' : summary.indexes.join(', ')}</b>
          </div>
        </div>
      )}
      {stages.length === 0 ? null : (
        <table className={css.table}>
          <thead>
            <tr>
              <th>Stage</th>
              <th>Index</th>
              <th>What it does</th>
              <th className={css.right}>Returned</th>
              <th className={css.right}>Documents</th>
              <th className={css.right}>Keys</th>
              <th className={css.right}>Took</th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a plan stands still
              <tr key={at}>
                <td className="mono" style={{ paddingLeft: 12 + stage.depth * 16 }} data-warn={stage.name === 'COLLSCAN' || undefined}>
                  {stage.name}
                </td>
                <td className="mono">{stage.index}</td>
                <td className={`${css.wide} mono`}>{stage.detail}</td>
                <td className={`${css.right} num`}>{stage.returned === null ? '' : count(stage.returned)}</td>
                <td className={`${css.right} num`}>{stage.docs === null ? '' : count(stage.docs)}</td>
                <td className={`${css.right} num`}>{stage.keys === null ? '' : count(stage.keys)}</td>
                <td className={`${css.right} num`}>{stage.took === null ? '' : duration(stage.took)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3 className={css.subhead}>As the server tells it</h3>
      <div className={css.answer}>
        <Code label="The server's answer" text={JSON.stringify(JSON.parse(ejson), null, 2)} language={shellLanguage} maxLines={30} />
      </div>
    </div>
  );
}
