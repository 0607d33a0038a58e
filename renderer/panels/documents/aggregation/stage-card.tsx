import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, problemOf } from '../../../api/client.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { duration } from '../../../ui/format.ts';
import { ProblemText } from '../../../ui/problem.tsx';
import { parseEjson } from '../bson/bson.ts';
import { shellLine } from '../bson/shell.ts';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { operatorOf, type Stage } from './stages.ts';

interface StageCardProps {
  place: CollectionPlace;
  stages: readonly Stage[];
  index: number;
  /** Documents of the collection that go in at most. */
  input: number;
  language: NonNullable<Parameters<typeof Editor>[0]['language']>;
  onChange: (stage: Stage) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
  onRun: () => void;
}

/** A stage, and what leaves it. */
export function StageCard({ place, stages, index, input, language, onChange, onMove, onRemove, onRun }: StageCardProps) {
  const { server } = usePlace();
  const stage = stages[index]!;
  const operator = operatorOf(stage.text);
  const writes = operator === '$out' || operator === '$merge';
  const upTo = stages.slice(0, index + 1).map(({ text, on }) => ({ text, on }));
  const [asked] = useDebouncedValue(JSON.stringify(upTo), 350);
  const before = stages.slice(0, index).some(({ on, text }) => on && ['$out', '$merge'].includes(operatorOf(text)));
  const preview = useQuery({
    queryKey: ['documents', place, 'stage', asked, input],
    queryFn: ({ signal }) =>
      api.documents.stage({ ...place, stages: JSON.parse(asked) as typeof upTo, upTo: index, input, timeout: 20_000 }, { signal }),
    enabled: stage.on && !writes && !before && stage.text.trim() !== '',
    retry: false,
    staleTime: 60_000,
    placeholderData: (last) => last,
  });
  const problem = preview.isError ? problemOf(preview.error) : null;
  const own = `Stage ${index + 1}: `;
  const missing = server !== undefined && operator !== '' && !writes && !server.stages.includes(operator) && operatorsKnown.has(operator);
  return (
    <section className={css.stage} data-off={!stage.on || undefined} aria-label={`Stage ${index + 1}`}>
      <div className={css.stageEdit}>
        <header className={css.stageHead}>
          <Switch
            size="xs"
            checked={stage.on}
            onChange={(event) => onChange({ ...stage, on: event.currentTarget.checked })}
            aria-label={`Stage ${index + 1} takes part`}
          />
          <span className={css.stageName}>
            {index + 1} <b>{operator || 'a stage'}</b>
          </span>
          {missing ? <span className={css.lack}>not known to {server.program}</span> : null}
          <span className={css.spring} />
          <Tooltip label="Earlier">
            <ActionIcon size={22} aria-label={`Move stage ${index + 1} up`} disabled={index === 0} onClick={() => onMove(-1)}>
              <IconChevronUp size={14} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Later">
            <ActionIcon
              size={22}
              aria-label={`Move stage ${index + 1} down`}
              disabled={index === stages.length - 1}
              onClick={() => onMove(1)}
            >
              <IconChevronDown size={14} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Remove">
            <ActionIcon size={22} aria-label={`Remove stage ${index + 1}`} onClick={onRemove}>
              <IconTrash size={14} />
            </ActionIcon>
          </Tooltip>
        </header>
        <Editor
          label={`Stage ${index + 1}`}
          value={stage.text}
          onChange={(text) => onChange({ ...stage, text })}
          onRun={onRun}
          language={language}
          lineNumbers={false}
          minLines={3}
          maxLines={14}
          problem={
            problem?.at && problem.what.startsWith(own)
              ? { ...problem.at, message: [problem.what.slice(own.length), problem.why].filter(Boolean).join(' ') }
              : null
          }
        />
      </div>
      <div className={css.stageOut} aria-busy={preview.isFetching}>
        {!stage.on ? <p className="dim">Off: documents pass as they come.</p> : null}
        {stage.on && writes ? <p className="dim">Writes. It runs only when the whole pipeline is run, and asks before.</p> : null}
        {stage.on && before ? <p className="dim">Nothing comes after a stage that writes.</p> : null}
        {problem === null || !stage.on ? null : (
          <div className={css.stageProblem} role="alert">
            <ProblemText problem={problem} />
          </div>
        )}
        {stage.on && problem === null && preview.data ? (
          <>
            <p className="dim num">
              {preview.data.documents.length === 0
                ? 'Nothing leaves it'
                : `${preview.data.documents.length}${preview.data.more ? '+' : ''} leave it`}
              , {duration(preview.data.took)}
            </p>
            <ol className={css.stageDocuments}>
              {preview.data.documents.map((document, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a preview stands still
                <li key={at} className="cut" title={shellLine(parseEjson(document), 2_000)}>
                  {shellLine(parseEjson(document), 400)}
                </li>
              ))}
            </ol>
          </>
        ) : null}
        {stage.on && preview.isFetching && preview.data === undefined && problem === null ? (
          <Button variant="subtle" loading aria-label="Asking for what leaves it" />
        ) : null}
      </div>
    </section>
  );
}

/** Those that the core asks the server about. */
const operatorsKnown = new Set(
  '$match $project $group $sort $limit $skip $unwind $lookup $addFields $set $unset $count $sortByCount $bucket $bucketAuto $facet $replaceRoot $replaceWith $sample $graphLookup $unionWith $setWindowFields $densify $fill $redact'.split(
    ' ',
  ),
);
