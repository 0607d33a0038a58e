import { asNoodleError } from '../../errors.ts';
import { paint } from './text.ts';

/** Tells an error and sets the exit code: readable on standard error, or as the last object with `--json`. */
export function fail(thrown: unknown, json: boolean): void {
  const error = asNoodleError(thrown);
  process.exitCode = error.exitCode;
  const { code, what, why, todo, command, at } = error.problem;
  if (json) {
    process.stdout.write(`${JSON.stringify({ type: 'result', ok: false, problem: { code, what, why, todo, command, at } })}\n`);
    return;
  }
  const lines = [paint('red', `✖ ${what}`, process.stderr)];
  if (why) lines.push(indented(why));
  if (todo) lines.push(indented(todo));
  if (command) lines.push(indented(paint('bold', command, process.stderr)));
  // What nobody foresaw is of use only with where it came from.
  if (code === 'internal' && error.cause instanceof Error && error.cause.stack) lines.push(indented(error.cause.stack));
  process.stderr.write(`${lines.join('\n')}\n`);
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
