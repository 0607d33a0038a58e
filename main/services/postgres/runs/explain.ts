import type { SqlParam } from '../../../../preload/contract/sql.ts';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { classify } from '../errors.ts';
import { rowEnd, rowTexts } from '../results/row.ts';
import { tokens } from '../text/lexer.ts';
import { refusal } from '../text/refusal.ts';
import { statements } from '../text/statements.ts';
import { ServerError } from '../wire/messages.ts';
import { bind } from './bind.ts';
import type { Conduct, Desk } from './desk.ts';
import type { RunPlace } from './run.ts';

export interface ExplainWanted extends Conduct {
  readonly text: string;
  readonly params: Readonly<Record<string, SqlParam>>;
  /** Runs it; what it changes is rolled back. */
  readonly analyze: boolean;
}

const already = /^explain\b(\s*\([^)]*\)|(\s+(analyze|verbose))+)?\s*/i;

/** @throws NoodleError bad-argument: not one statement */
export async function explain(desk: Desk, place: RunPlace, wanted: ExplainWanted, signal: AbortSignal) {
  const all = statements(wanted.text);
  const [only] = all;
  if (only === undefined || all.length > 1) {
    throw new NoodleError({
      code: 'bad-argument',
      what: only ? 'A plan is of one statement, and these are several.' : 'There is no statement to explain.',
      todo: 'Select the one you mean.',
    });
  }
  const written = already.exec(only.text)?.[0].length ?? 0;
  const statement = { text: only.text.slice(written), offset: only.offset + written };
  const { bound, sent } = bind(statement, wanted.params);
  const places = placesIn(sent.text);
  if (places > bound.values.length && wanted.analyze) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `$${places} has no value, so the statement cannot be run.`,
      todo: 'Write :name in its place and give that a value, or look at the plan only.',
    });
  }
  // A statement as pg_stat_statements tells it: planned for any values.
  const generic = places > bound.values.length ? 'generic_plan, ' : '';
  const prefix = wanted.analyze
    ? 'explain (analyze, buffers, verbose, settings, format json) '
    : `explain (${generic}verbose, settings, format json) `;
  const asked = { ...bound, text: `${prefix}${sent.text}`, simple: generic !== '' };
  const lines: string[] = [];
  const sink = {
    rows: (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at = rowEnd(bytes, at)) lines.push(rowTexts(bytes, at)[0] ?? '');
      return undefined;
    },
  };
  try {
    if (wanted.analyze) await desk.runAndForget(asked, wanted, sink, signal);
    else await desk.run(asked, { ...wanted, transactions: 'auto' }, sink, signal);
  } catch (error) {
    if (!(error instanceof ServerError)) throw classify(error, place.connection) ?? asNoodleError(error);
    const moved = { ...sent, text: asked.text, original: (position: number) => Math.max(0, sent.original(position - prefix.length)) };
    throw classify(error, place.connection) ?? refusal(error, statement, moved);
  }
  return { plan: lines.join('\n'), statement: statement.text };
}

/** The highest `$n` of a statement; 0: none. */
function placesIn(text: string): number {
  let most = 0;
  let before = -1;
  for (const { kind, from, to } of tokens(text)) {
    if (kind === 'number' && before >= 0) most = Math.max(most, Number.parseInt(text.slice(from, to), 10));
    before = kind === 'other' && text[from] === '$' ? from : -1;
  }
  return most;
}
