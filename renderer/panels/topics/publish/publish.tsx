import { json } from '@codemirror/lang-json';
import { Button, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconSend } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useTasks } from '../../../api/tasks.tsx';
import { Editor } from '../../../ui/editor/editor.tsx';
import { count } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import { type Place, topicsKey } from '../use-catalog.ts';
import { type Draft, keepDraft, keptDraft, outgoing } from './draft.ts';
import { PropertyFields } from './property-fields.tsx';
import { Templates } from './templates.tsx';

const language = [json()];

/** Writing a message by hand: Ctrl/Cmd-Enter publishes it. */
export function Publish({ place, topic, show }: { place: Place; topic: string; show: Show }) {
  const [draft, setDraftNow] = useState(() => keptDraft(place, topic));
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [published, setPublished] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const { started } = useTasks();
  const setDraft = (change: Partial<Draft>) => {
    const next = { ...draft, ...change };
    keepDraft(place, topic, next);
    setDraftNow(next);
    setProblem(null);
  };
  const schema = useSchemaCheck(place, topic, draft);
  const message = outgoing(draft);

  const publish = async () => {
    if (typeof message === 'string' || busy) return;
    setBusy(true);
    setProblem(null);
    setPublished(null);
    try {
      if (draft.repeat > 1)
        started(await api.topics.publishMany({ ...place, topic, message, repeat: draft.repeat, perSecond: draft.perSecond }));
      else {
        const { id } = await api.topics.publish({ ...place, topic, message });
        setPublished(id);
      }
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['notebook', place.stack, 'topics'] });
    }
  };
  const wrong = problem ?? schema.data?.problem ?? null;
  return (
    <div className={css.column}>
      <Toolbar label="Publish">
        <Button
          leftSection={<IconSend size={14} stroke={1.75} />}
          loading={busy}
          disabled={typeof message === 'string'}
          onClick={() => void publish()}
        >
          {draft.repeat > 1 ? `Publish ${count(draft.repeat)} messages` : 'Publish message'}
        </Button>
        <SegmentedControl
          size="xs"
          aria-label="How the payload is written"
          data={[
            { value: 'text', label: schema.data?.schema ? 'By schema' : 'Text' },
            { value: 'base64', label: 'Base64' },
          ]}
          value={draft.encoding}
          onChange={(encoding) => setDraft({ encoding: encoding as Draft['encoding'] })}
        />
        <span className="dim" role="status">
          {typeof message === 'string'
            ? message
            : schema.data?.schema
              ? wrong
                ? `Does not fit ${schema.data.schema}: ${wrong.why ?? wrong.what}`
                : `Fits ${schema.data.schema}`
              : ''}
        </span>
        <Spring />
        {published === null ? null : (
          <span className={css.health} data-health="fine">
            <IconCheck size={14} stroke={2} aria-hidden />
            <span>
              Published as{' '}
              <button
                type="button"
                className={css.link}
                onClick={() => show({ tab: undefined, from: `id:${published}`, message: published })}
              >
                {published}
              </button>
            </span>
          </span>
        )}
      </Toolbar>
      {problem ? (
        <div className={css.aside}>
          <ProblemBox problem={problem} />
        </div>
      ) : null}
      <div className={css.publish}>
        <div className={css.publishMain}>
          <Editor
            label="Payload"
            testId="publish-payload"
            value={draft.payload}
            onChange={(payload) => setDraft({ payload })}
            language={language}
            onRun={() => void publish()}
            problem={wrong ? { ...(wrong.at ?? { offset: 0, length: 0 }), message: wrong.why ?? wrong.what } : null}
            placeholder='{"job_id": "…", "event_type": "compilation.completed", "data": {}}'
            fill
          />
        </div>
        <div className={css.publishSide}>
          <TextInput
            size="xs"
            label="Key"
            placeholder="none"
            value={draft.key}
            onChange={(event) => setDraft({ key: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            label="Event time"
            placeholder="none; 2026-01-31T12:00:00Z"
            value={draft.eventTime}
            onChange={(event) => setDraft({ eventTime: event.currentTarget.value })}
          />
          <PropertyFields properties={draft.properties} onChange={(properties) => setDraft({ properties })} />
          <div className={css.row}>
            <NumberInput
              size="xs"
              label="How often"
              min={1}
              max={1_000_000}
              value={draft.repeat}
              onChange={(repeat) => setDraft({ repeat: Math.max(1, Number(repeat) || 1) })}
            />
            <NumberInput
              size="xs"
              label="A second"
              placeholder="all at once"
              min={0}
              max={100_000}
              disabled={draft.repeat === 1}
              value={draft.perSecond === 0 ? '' : draft.perSecond}
              onChange={(perSecond) => setDraft({ perSecond: Number(perSecond) || 0 })}
            />
          </div>
          {draft.repeat > 1 ? <span className="dim">{'{{n}}, {{uuid}} and {{now}} are filled in anew in every message.'}</span> : null}
          <Templates place={place} topic={topic} draft={draft} onUse={setDraft} />
        </div>
      </div>
    </div>
  );
}

/** Asked a moment after the typing stops. */
function useSchemaCheck(place: Place, topic: string, draft: Draft) {
  const [settled] = useDebouncedValue(draft, 300);
  const message = outgoing(settled);
  return useQuery({
    queryKey: topicsKey(place, 'check', topic, settled.payload, settled.encoding),
    queryFn: async () => {
      const answer = await api.topics.check({ ...place, topic, message: message as Exclude<typeof message, string> });
      // An empty payload is not yet wrong.
      return answer.schema === null || settled.payload === '' ? { ...answer, problem: null } : answer;
    },
    enabled: typeof message !== 'string',
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  });
}
