import type { BaseBackup, PitrState, RestorePoint, RestoreTarget } from '../../../../preload/contract/pitr.ts';
import type { Branch } from '../../../backup/snapshots/branch.ts';
import { NoodleError } from '../../../errors.ts';
import { confirm } from '../confirm.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withKnownStack } from '../session.ts';
import { paint, size, table } from '../text.ts';
import { timeOf } from './logs.ts';

interface Service {
  readonly service?: string;
}

export async function backup(options: Service & { full?: boolean; incremental?: boolean }, globals: GlobalOptions): Promise<void> {
  const kind = options.full ? 'full' : options.incremental ? 'incremental' : 'auto';
  await withKnownStack(globals, async (stack, signal) => {
    let made: BaseBackup | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      made = await stack.pitr(options.service).backup(kind, 'asked', run);
    });
    const { id, bytes, kind: taken } = made!;
    result(globals, ms, `${taken} backup ${id}: ${size(bytes)}`, { backup: made });
  });
}

export async function timeline({ service }: Service, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const state = await stack.pitr(service).state();
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, ...state })}\n`);
    process.stdout.write(`${described(state)}\n`);
  });
}

export async function mark(name: string, { service }: Service, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    let point: RestorePoint | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      point = await stack.pitr(service).mark(name, run);
    });
    result(globals, ms, `this moment is "${name}"`, { point });
  });
}

export async function collect({ service }: Service, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.pitr(service).collect(run));
    const { windows } = await stack.pitr(service).state();
    const newest = windows.at(-1);
    result(globals, ms, newest ? `all is kept until ${time(newest.until)}` : 'nothing is kept before the first backup');
  });
}

interface RestoreOptions extends Service {
  readonly time?: string;
  readonly name?: string;
  readonly xid?: string;
  readonly latest?: boolean;
  /** `true`: under a name that is made. */
  readonly branch?: string | true;
}

export async function restore(options: RestoreOptions, globals: GlobalOptions): Promise<void> {
  const target = targetOf(options, Date.now());
  await withKnownStack(globals, async (stack, signal) => {
    const pitr = stack.pitr(options.service);
    const beside = options.branch !== undefined;
    const name = typeof options.branch === 'string' ? options.branch : null;
    if (!beside && !globals.yes) {
      const { loses, target: words } = await pitr.preview(target, null, { signal, onEvent: () => {} });
      await confirm(`Take ${pitr.service} back to ${words}?`, loses, globals, signal);
    }
    let opened: Branch | undefined;
    let kept: string | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      if (beside) opened = await pitr.branch(target, name, run);
      else kept = (await pitr.restore(target, run))?.id;
    });
    if (opened) {
      result(globals, ms, `it runs as stack ${opened.stack}`, { branch: opened });
      if (!globals.json) for (const url of Object.values(opened.urls)) process.stdout.write(`  ${url}\n`);
      return;
    }
    const before = kept ? `; the data before are kept as snapshot ${kept}` : '';
    result(globals, ms, `${pitr.service} is as it was${before}`, { kept: kept ?? null });
  });
}

export async function verify(id: string, { service }: Service, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.pitr(service).verify(id, run));
    result(globals, ms, `backup ${id} is whole`);
  });
}

export async function remove(id: string | undefined, options: Service & { all?: boolean }, globals: GlobalOptions): Promise<void> {
  if ((id === undefined) === (options.all !== true)) {
    throw new NoodleError({ code: 'bad-argument', what: 'Give the id of one backup, or --all.', command: 'noodlebox postgres timeline' });
  }
  await withKnownStack(globals, async (stack, signal) => {
    const pitr = stack.pitr(options.service);
    const loses = id === undefined ? ['all backups of it, and all WAL that is kept'] : await pitr.deletes(id);
    await confirm('Delete that?', loses, globals, signal);
    const ms = await runPrinted(globals.json, signal, (run) => (id === undefined ? pitr.clear(run) : pitr.delete(id, run)));
    result(globals, ms, id === undefined ? 'all backups are deleted' : `backup ${id} is deleted`);
  });
}

/** @throws NoodleError bad-argument unless exactly one is given */
export function targetOf({ time: at, name, xid, latest }: RestoreOptions, now: number): RestoreTarget {
  const targets: RestoreTarget[] = [];
  if (at !== undefined) targets.push({ to: 'time', at: timeOf(at, now) });
  if (name !== undefined) targets.push({ to: 'name', name });
  if (xid !== undefined) {
    if (!/^\d{1,20}$/.test(xid)) throw new NoodleError({ code: 'bad-argument', what: `"${xid}" is no transaction's number.` });
    targets.push({ to: 'xid', xid });
  }
  if (latest) targets.push({ to: 'latest' });
  if (targets.length === 1) return targets[0]!;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'Give one of --time, --name, --xid and --latest.',
    command: 'noodlebox postgres timeline',
  });
}

function described({ backups, unreadable, lines, points, windows, service }: PitrState): string {
  if (backups.length + unreadable.length === 0) return `${service} has no backups yet. "noodlebox postgres backup" takes one.`;
  const rows = backups.map(({ id, kind, parent, endedAt, bytes, checked }) => [
    id,
    kind === 'full' ? 'full' : `since ${parent}`,
    time(endedAt),
    size(bytes),
    checked.ok ? 'whole' : paint('red', `✖ ${checked.why ?? 'damaged'}`),
  ]);
  const broken = unreadable.map(({ id, why }) => [id, '', '', '', paint('red', `✖ ${why}`)]);
  const reached = windows.map(({ line, from, until }) => {
    const ended = lines.find(({ id }) => id === line)?.ended;
    return `  ${time(from)} to ${time(until)}${ended ? paint('dim', `  then ${ended.why}`) : ''}`;
  });
  const marked = points.map(({ name, at }) => `  ${time(at)}  ${name}`);
  return [
    table([['BACKUP', 'WHAT', 'TAKEN', 'SIZE', 'CHECKED'], ...rows, ...broken]),
    '',
    'What can be gone back to:',
    ...(reached.length > 0 ? reached : ['  nothing']),
    ...(marked.length > 0 ? ['', 'Marked:', ...marked] : []),
  ].join('\n');
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
