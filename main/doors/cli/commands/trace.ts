import type { StoreTrace } from '../../../../preload/contract/trace.ts';
import { NoodleError } from '../../../errors.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { paint } from '../text.ts';

/** What every store knows of an id. Exit code 1 when no store answered. */
export async function trace(id: string, globals: GlobalOptions): Promise<void> {
  if (id.trim() === '' || id.length > 200) {
    throw new NoodleError({ code: 'bad-argument', what: 'This is no id.', why: 'An id has 1 to 200 characters.' });
  }
  await withKnownStack(globals, async (stack, signal) => {
    const stores = await stack.trace(id.trim(), signal);
    signal.throwIfAborted();
    process.stdout.write(globals.json ? asJson(stores) : asText(stores));
    if (stores.every(({ problem }) => problem !== null)) throw new NoodleError(unanswered(stores));
    if (globals.json) process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, findings: countOf(stores) })}\n`);
  });
}

function asJson(stores: readonly StoreTrace[]): string {
  const objects = stores.flatMap(({ service, kind, findings, cut, problem }) => [
    ...findings.map(({ link: _, content, ...rest }) => ({ type: 'finding', service, kind, ...rest, content })),
    ...(problem ? [{ type: 'problem', service, kind, problem }] : []),
    ...(cut ? [{ type: 'cut', service, kind }] : []),
  ]);
  return objects.map((each) => `${JSON.stringify(each)}\n`).join('');
}

function asText(stores: readonly StoreTrace[]): string {
  return stores
    .map(({ service, findings, cut, problem }) => {
      const told = problem ? `  ${paint('red', problem.what)}\n` : findings.length === 0 ? `  ${paint('dim', 'nothing')}\n` : '';
      const lines = findings.map(({ what, place, name, relation, time }) => {
        const when = time === null ? '' : `  ${new Date(time).toISOString()}`;
        return `  ${what.padEnd(8)} ${place}  ${name}  ${paint('dim', relation)}${when}\n`;
      });
      return `${paint('bold', service)}\n${told}${lines.join('')}${cut ? '  … and more\n' : ''}`;
    })
    .join('');
}

function unanswered(stores: readonly StoreTrace[]) {
  const [first] = stores;
  return first?.problem
    ? { ...first.problem, code: 'service-unreachable' as const }
    : { code: 'service-unreachable' as const, what: 'This stack has no store.' };
}

function countOf(stores: readonly StoreTrace[]): number {
  return stores.reduce((sum, { findings }) => sum + findings.length, 0);
}
