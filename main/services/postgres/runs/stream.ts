/** A text run to its end with its rows handed on as they come, none of them kept: what the command line does. */
import type { ResultColumn, SqlParam } from '../../../../preload/contract/sql.ts';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { classify } from '../errors.ts';
import { rowEnd, rowTexts } from '../results/row.ts';
import { refusal } from '../text/refusal.ts';
import { statements } from '../text/statements.ts';
import { ServerError, type WireColumn } from '../wire/messages.ts';
import { bind } from './bind.ts';
import { type Conduct, Desk } from './desk.ts';
import type { RunPlace } from './run.ts';

export interface StreamTo {
  columns(columns: readonly ResultColumn[]): void;
  /** The server waits for the promise. */
  rows(rows: readonly (string | null)[][]): Promise<void>;
  notice(text: string): void;
  /** A statement has ended. @param tag "SELECT 5" */
  done(tag: string): void;
}

/** @throws NoodleError with the place in the text */
export async function streamText(
  place: RunPlace,
  wanted: Conduct & { readonly text: string; readonly params: Readonly<Record<string, SqlParam>> },
  to: StreamTo,
  signal: AbortSignal,
): Promise<void> {
  const all = statements(wanted.text);
  if (all.length === 0) throw new NoodleError({ code: 'bad-argument', what: 'There is no statement to run.' });
  const steps = all.map((statement) => ({ statement, ...bind(statement, wanted.params) }));
  const desk = new Desk(place.connection);
  try {
    for (const { statement, bound, sent } of steps) {
      // Names of types may have to be asked for: what comes meanwhile waits in its turn.
      let turn: Promise<void> = Promise.resolve();
      const queue = (act: () => Promise<void>) => (turn = turn.then(act));
      try {
        const tag = await desk.run(
          bound,
          wanted,
          {
            columns: (columns: readonly WireColumn[]) => void queue(async () => to.columns(await place.columns(columns))),
            rows: (bytes) => {
              const rows: (string | null)[][] = [];
              for (let at = 0; at < bytes.length; at = rowEnd(bytes, at)) rows.push(rowTexts(bytes, at));
              return queue(() => to.rows(rows));
            },
            notice: ({ severity, message }) => to.notice(`${severity}: ${message}`),
          },
          signal,
        );
        await turn;
        to.done(tag);
      } catch (error) {
        turn.catch(() => {});
        signal.throwIfAborted();
        if (!(error instanceof ServerError)) throw classify(error, place.connection) ?? asNoodleError(error);
        throw classify(error, place.connection) ?? refusal(error, statement, sent);
      }
    }
  } finally {
    desk.close();
  }
}
