import { Button } from '@mantine/core';
import { IconEraser, IconPlayerStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { completions, helpFor } from './complete.ts';
import { Transcript } from './transcript.tsx';
import { type ConsoleEntry, emptyTranscript, keepEntry, nextEntry, transcriptOf } from './transcripts.ts';

/** A command line with help. It has a connection of its own: MULTI and WATCH last from one line to the next. */
export function ConsoleTab() {
  const target = useTarget();
  const { stack, service } = target;
  const place = `${stack}/${service}`;
  const [entries, setEntries] = useState<readonly ConsoleEntry[]>(() => transcriptOf(place));
  const [line, setLine] = useState('');
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [back, setBack] = useState(0);
  const [choice, setChoice] = useState(0);
  const [offered, setOffered] = useState(false);
  const running = useRef<AbortController | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const docs = useQuery({
    queryKey: ['cache', target, 'commands'],
    queryFn: () => api.cache.commands(target),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const history = useQuery({
    queryKey: ['cache', target, 'history'],
    queryFn: () => api.notebook.history({ stack, panel: 'cache', limit: 300 }),
  });
  const lines = distinct([...entries.map((entry) => entry.line).toReversed(), ...(history.data ?? []).map(({ text }) => text)]);
  const choices = offered ? completions(docs.data ?? [], line) : [];
  const help = helpFor(docs.data ?? [], line);
  const busy = entries.at(-1)?.kind === 'running';

  useEffect(() => field.current?.focus(), []);

  const send = async (text: string, sure: boolean) => {
    const id = nextEntry();
    const begun = performance.now();
    running.current = new AbortController();
    setEntries(keepEntry(place, { id, line: text, kind: 'running', since: Date.now() }));
    const answer = (told: { text: string; failed: boolean; cut: boolean; took: number }) =>
      setEntries(keepEntry(place, { id, line: text, kind: 'answered', ...told }));
    try {
      answer(await api.cache.run({ ...target, line: text, sure }, { signal: running.current.signal }));
    } catch (error) {
      const { what, why } = problemOf(error);
      const words = running.current?.signal.aborted ? '(cancelled)' : `(error) ${[what, why].filter(Boolean).join(' ')}`;
      answer({ text: words, failed: true, cut: false, took: performance.now() - begun });
    }
    running.current = null;
    field.current?.focus();
  };
  const run = async () => {
    const text = line.trim();
    if (text === '' || busy) return;
    if (/^clear$/i.test(text)) {
      setEntries(emptyTranscript(place));
      setLine('');
      return;
    }
    setProblem(null);
    try {
      const { danger, command } = await api.cache.guard({ ...target, line: text });
      const go = () => {
        setLine('');
        setBack(0);
        setOffered(false);
        void send(text, danger !== null);
      };
      if (danger === null) go();
      else askLoss({ title: 'Are you sure?', losses: [danger], statements: command, button: `Run ${help?.name ?? 'it'}`, act: go });
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const recall = (step: 1 | -1) => {
    const next = Math.max(0, Math.min(lines.length, back + step));
    setBack(next);
    setLine(next === 0 ? '' : lines[next - 1]!);
    setOffered(false);
  };
  const take = (index: number) => {
    const chosen = choices[index];
    if (!chosen) return;
    setLine(`${chosen.name} `);
    setOffered(false);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const listed = choices.length > 0;
    if (event.key === 'Enter') {
      event.preventDefault();
      void run();
    } else if (event.key === 'Tab' && listed && !event.shiftKey) {
      event.preventDefault();
      take(choice);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (listed) setChoice((choice + step + choices.length) % choices.length);
      else recall(step === 1 ? -1 : 1);
    } else if (event.key === 'Escape') {
      if (listed) setOffered(false);
      else setLine('');
    } else if (event.key === 'l' && event.ctrlKey) {
      event.preventDefault();
      setEntries(emptyTranscript(place));
    } else if (event.key === 'c' && event.ctrlKey && busy) {
      running.current?.abort();
    }
  };

  return (
    <div className={css.console}>
      <Transcript entries={entries} />
      <div className={css.prompt}>
        {choices.length > 0 ? (
          <div className={css.choices} role="listbox" aria-label="Commands" id="console-choices">
            {choices.map((each, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
              <div
                key={each.name}
                role="option"
                tabIndex={-1}
                aria-selected={index === choice}
                className={css.choice}
                onClick={() => take(index)}
              >
                <span className="mono">{each.name}</span>
                <span className="dim cut">{each.summary}</span>
              </div>
            ))}
          </div>
        ) : null}
        <div className={css.promptLine}>
          <span className="mono dim">{service}&gt;</span>
          <input
            ref={field}
            aria-label="Command"
            role="combobox"
            aria-expanded={choices.length > 0}
            aria-controls="console-choices"
            placeholder="GET key — Tab completes, ↑ recalls"
            spellCheck={false}
            autoComplete="off"
            value={line}
            onChange={(event) => {
              setLine(event.currentTarget.value);
              setOffered(true);
              setChoice(0);
              setProblem(null);
            }}
            onKeyDown={onKeyDown}
            data-testid="console-line"
          />
          {busy ? (
            <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={() => running.current?.abort()}>
              Cancel
            </Button>
          ) : (
            <Button onClick={() => void run()} disabled={line.trim() === ''}>
              Run
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconEraser size={14} stroke={1.6} />}
            onClick={() => setEntries(emptyTranscript(place))}
            disabled={entries.length === 0}
          >
            Clear
          </Button>
        </div>
        {problem ? <Place line={line} problem={problem} /> : null}
        <div className={css.help} aria-live="polite">
          {help ? (
            <>
              <div className="mono cut" title={help.usage}>
                {help.usage}
              </div>
              <div className="cut">
                {help.summary} {help.complexity === '' ? '' : `${help.complexity}.`}{' '}
                {help.danger ? <span className={css.wrong}>Asked about first: {help.danger}</span> : null}
              </div>
            </>
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** The line again, with a mark under what is wrong in it. */
function Place({ line, problem }: { line: string; problem: ProblemData }) {
  const mark = problem.at
    ? `${line}\n${' '.repeat(problem.at.offset)}${'^'.repeat(Math.max(1, problem.at.length))} ${problem.what}`
    : problem.what;
  return (
    <pre className={css.place} role="alert">
      {mark}
    </pre>
  );
}

function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}
