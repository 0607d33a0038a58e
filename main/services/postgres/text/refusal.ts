/** What a server refused, as a person is told of it: with the place in the text they wrote. */
import { NoodleError } from '../../../errors.ts';
import type { ServerError } from '../wire/messages.ts';
import { lengthAt, type Numbered, type Statement, unitsOf } from './statements.ts';

export function refusal(error: ServerError, statement: Statement, sent: Numbered): NoodleError {
  const { said } = error;
  const position = said.position === undefined ? undefined : sent.original(unitsOf(sent.text, said.position - 1));
  const timedOut = error.code === '57014' && said.message.includes('statement timeout');
  const why = [said.detail, said.where && !said.where.startsWith('unnamed portal') ? `In ${said.where}` : undefined];
  return new NoodleError(
    {
      code: codeOf(error),
      what: `${sentence(said.message)} (${error.code})`,
      why: why.filter(Boolean).join('\n') || undefined,
      todo: said.hint ?? todoOf(error, timedOut),
      at: position === undefined ? undefined : { offset: statement.offset + position, length: lengthAt(statement.text, position) },
    },
    { cause: error },
  );
}

function codeOf({ code, said }: ServerError) {
  if (code === '57014' && said.message.includes('user request')) return 'cancelled';
  return code === '0A000' ? 'not-supported-by-server' : 'query-failed';
}

function todoOf({ code }: ServerError, timedOut: boolean): string | undefined {
  if (timedOut) return 'Give the statement more time, or look at its plan to see where the time goes.';
  if (code === '25006') return 'Switch read-only off, if the change is meant.';
  if (code === '25P02') return 'Roll the transaction back, then run it again.';
  return undefined;
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
