import type { EditorView } from '@codemirror/view';
import { ActionIcon, Button, Collapse, Select, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconPlayerPlay, IconPlayerStop, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { duration } from '../../../ui/format.ts';
import css from '../documents.module.css';
import { timeLimits } from '../search.ts';
import { shellWith } from '../ui/language.ts';
import { QueryHistory } from './query-history.tsx';

export interface QueryTexts {
  readonly filter: string;
  readonly project: string;
  readonly sort: string;
  readonly collation: string;
}

interface QueryBarProps {
  value: QueryTexts;
  /** Runs it: also when nothing in it has changed. */
  onRun: (query: QueryTexts) => void;
  running: boolean;
  onCancel: () => void;
  problem: ProblemData | null;
  fields: readonly string[];
  collation: boolean;
  /** Seconds it may take. */
  timeout: number;
  onTimeout: (seconds: number) => void;
}

const parts = ['filter', 'project', 'sort', 'collation'] as const;
type Part = (typeof parts)[number];
const hints: Record<Part, string> = {
  filter: "{ status: 'active' }",
  project: '{ name: 1, _id: 0 }',
  sort: '{ created_at: -1 }',
  collation: "{ locale: 'en', strength: 2 }",
};

/** Filter, projection, sort and collation in shell syntax. Ctrl/Cmd-Enter runs. */
export function QueryBar({ value, onRun, running, onCancel, problem, fields, collation, timeout, onTimeout }: QueryBarProps) {
  const [draft, setDraft] = useState(value);
  const { filter, project, sort, collation: given } = value;
  useEffect(() => setDraft({ filter, project, sort, collation: given }), [filter, project, sort, given]);
  const [more, setMore] = useState(project !== '' || sort !== '' || given !== '');
  const language = useMemo(() => shellWith(fields), [fields]);
  const filterView = useRef<EditorView | null>(null);
  useHotkeys([['/', () => filterView.current?.focus()]]);
  const run = () => onRun(draft);
  const editor = (part: Part) => (
    <div className={css.queryPart} data-part={part}>
      <span className={css.queryName}>{part === 'filter' ? 'Filter' : part[0]!.toUpperCase() + part.slice(1)}</span>
      <div className={css.queryText}>
        <Editor
          label={part === 'filter' ? 'Filter' : part[0]!.toUpperCase() + part.slice(1)}
          value={draft[part]}
          onChange={(text) => setDraft((before) => ({ ...before, [part]: text }))}
          onRun={run}
          language={language}
          lineNumbers={false}
          maxLines={8}
          placeholder={hints[part]}
          problem={problemIn(problem, part)}
          {...(part === 'filter' ? { view: filterView } : {})}
          testId={`documents-${part}`}
        />
      </div>
    </div>
  );
  const dirty = parts.some((part) => draft[part] !== value[part]);
  const empty = parts.every((part) => draft[part] === '');
  return (
    <search className={css.query}>
      <div className={css.queryLine}>
        {editor('filter')}
        <Tooltip label="Project, sort, collation">
          <ActionIcon
            aria-label="Project, sort, collation"
            aria-expanded={more}
            variant={more ? 'light' : 'subtle'}
            onClick={() => setMore(!more)}
          >
            <IconAdjustmentsHorizontal size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <QueryHistory
          draft={draft}
          onChoose={(query) => {
            setDraft(query);
            if (query.project || query.sort || query.collation) setMore(true);
            onRun(query);
          }}
        />
        <Tooltip label="Clear">
          <ActionIcon
            aria-label="Clear the query"
            disabled={empty}
            onClick={() => onRun({ filter: '', project: '', sort: '', collation: '' })}
          >
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        {running ? (
          <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={onCancel}>
            Cancel
          </Button>
        ) : (
          <Button
            variant={dirty ? 'filled' : 'default'}
            leftSection={<IconPlayerPlay size={14} />}
            onClick={run}
            data-testid="documents-run"
          >
            Find
          </Button>
        )}
      </div>
      <Collapse expanded={more} transitionDuration={80}>
        <div className={css.queryMore}>
          {editor('project')}
          {editor('sort')}
          {collation ? editor('collation') : null}
          <Select
            size="xs"
            aria-label="How long a query may take"
            data={timeLimits.map((seconds) => ({ value: String(seconds), label: `May take ${duration(seconds * 1_000)}` }))}
            value={String(timeout)}
            allowDeselect={false}
            onChange={(value) => onTimeout(Number(value))}
          />
        </div>
      </Collapse>
    </search>
  );
}

/** The problem's place, when it is of this text. */
function problemIn(problem: ProblemData | null, part: Part) {
  if (problem?.at === undefined || !problem.what.toLowerCase().startsWith(`${part}: `)) return null;
  return { ...problem.at, message: [problem.what.slice(part.length + 2), problem.why, problem.todo].filter(Boolean).join(' ') };
}
