/** `snapshot diff`: counts first, then what changed in each store. */
import type { DiffCount, DiffPart, SnapshotDiff, StoreDiff } from '../../../../preload/contract/snapshots.ts';
import { limits } from '../../../limits.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { paint, table, took } from '../text.ts';

export async function diff(
  before: string,
  after: string | undefined,
  options: { readonly counts?: boolean; readonly service?: readonly string[] },
  globals: GlobalOptions,
): Promise<void> {
  const request = { before, after: after ?? null, services: options.service ?? [] };
  await withKnownStack(globals, async (stack, signal) => {
    const counts = await stack.snapshots.diffCounts(request, signal);
    if (!globals.json) print(countsTable(counts));
    if (options.counts) return globals.json ? print(JSON.stringify({ type: 'result', ok: true, counts })) : undefined;
    let found: SnapshotDiff | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      found = await stack.snapshots.diff(request, run);
    });
    if (globals.json) return print(JSON.stringify({ type: 'result', ok: true, took: Math.round(ms), diff: found }));
    print(['', ...found!.stores.map(described), paint('dim', `compared in ${took(ms)}`)].join('\n'));
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function countsTable(counts: readonly DiffCount[]): string {
  const changed = counts.filter(({ before, after }) => before !== after);
  if (changed.length === 0) return 'The counts are the same.';
  const number = (rows: number | null) => (rows === null ? '?' : rows.toLocaleString('en'));
  const rows = changed.map(({ service, name, before, after }) => {
    const more = before === null || after === null ? '' : `${after > before ? '+' : ''}${(after - before).toLocaleString('en')}`;
    return [service, name, number(before), number(after), more];
  });
  return table([['SERVICE', 'WHAT', 'BEFORE', 'AFTER', ''], ...rows]);
}

export function described({ service, item, state, why, notes, parts }: StoreDiff): string {
  const head = paint('bold', service);
  if (state === 'not-compared') return `${head}: not compared. ${why}`;
  const lines = state === 'same' ? [`${head}: the same`] : [head, ...parts.flatMap((part) => partLines(part, item))];
  return [...lines, ...notes.map((note) => paint('dim', `  ${note}`))].join('\n');
}

function partLines(part: DiffPart, item: string): string[] {
  const { name, state, before, after, added, removed, changed, listed } = part;
  const sizes = before === null ? 'new' : after === null ? 'gone' : '';
  if (state === 'too-large') {
    return [`  ${name}: differs; with more than ${limits.diffItems.toLocaleString('en')} ${item}s it is not compared one by one`];
  }
  const head = [`  ${name}:`, sizes, `+${added} -${removed} ~${changed}`].filter(Boolean).join(' ');
  const entries = listed.flatMap(({ key, before: then, after: now }) => [
    ...(then === null ? [] : [paint('red', `    - ${key}  ${then}`)]),
    ...(now === null ? [] : [paint('green', `    + ${key}  ${now}`)]),
  ]);
  const rest = added + removed + changed - listed.length;
  return [head, ...entries, ...(rest > 0 ? [`    and ${rest.toLocaleString('en')} more`] : [])];
}
