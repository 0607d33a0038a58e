import { spawn } from 'node:child_process';
import { type Snapshot, type SnapshotEntry, spaceOf } from '../../../../preload/contract/snapshots.ts';
import type { Branch } from '../../../backup/snapshots/branch.ts';
import { NoodleError } from '../../../errors.ts';
import { confirm } from '../confirm.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withKnownStack } from '../session.ts';
import { paint, size, table, took } from '../text.ts';

export async function create(options: { name?: string; note?: string; hot?: boolean }, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    let made: Snapshot | undefined;
    const request = { name: options.name ?? null, note: options.note ?? null, hot: options.hot ?? false };
    const ms = await runPrinted(globals.json, signal, async (run) => {
      made = await stack.snapshots.create(request, run);
    });
    const { id, pause } = made!;
    const stood = pause === null ? 'nothing ran' : `services stood still for ${took(pause)}`;
    result(globals, ms, `snapshot ${id}: ${size(bytesOf(made!))}, ${stood}`, { snapshot: made });
  });
}

export async function list(globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const entries = await stack.snapshots.list();
    if (globals.json) {
      for (const entry of entries) process.stdout.write(`${JSON.stringify(entry)}\n`);
      process.stdout.write(`${JSON.stringify({ type: 'result', ok: true })}\n`);
      return;
    }
    if (entries.length === 0) {
      process.stdout.write(`${stack.name} has no snapshots yet. "noodlebox snapshot create" takes one.\n`);
      return;
    }
    process.stdout.write(`${table([['SNAPSHOT', 'NAME', 'TAKEN', 'SIZE', 'FREES', 'HOT', 'PAUSE', 'WHY'], ...entries.map(row)])}\n`);
  });
}

export async function show(id: string, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const snapshot = await stack.snapshots.show(id);
    process.stdout.write(
      globals.json ? `${JSON.stringify(snapshot)}\n${JSON.stringify({ type: 'result', ok: true })}\n` : `${described(snapshot)}\n`,
    );
  });
}

export async function restore(id: string, options: { rehearse?: boolean }, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const snapshot = await stack.snapshots.show(id);
    if (!globals.yes) {
      const { loses } = await stack.snapshots.outlook(id, 'restore');
      const replaced = loses.map((line) => `${line} (kept as a snapshot until the next restore)`);
      await confirm(`Take ${stack.name} back to ${new Date(snapshot.createdAt).toISOString()}?`, replaced, globals, signal);
    }
    let old: Snapshot | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      old = await stack.snapshots.restore(snapshot.id, run, options);
    });
    const kept = old ? `; the data before are kept as ${old.id}` : '';
    result(globals, ms, `${stack.name} is as it was at ${new Date(snapshot.createdAt).toISOString()}${kept}`, { kept: old?.id ?? null });
    const wanted = (await stack.snapshots.list()).some((entry) => entry.state === 'whole' && entry.hot?.state === 'wanted');
    if (wanted) renewBehind(stack.name, globals);
  });
}

export async function hot(id: string, state: string, globals: GlobalOptions): Promise<void> {
  if (state !== 'on' && state !== 'off') throw new NoodleError({ code: 'bad-argument', what: `"${state}" is neither on nor off.` });
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.snapshots.hot(id, state === 'on', run));
    result(globals, ms, state === 'on' ? `snapshot ${id} has a ready copy` : `snapshot ${id} has no ready copy any more`);
  });
}

export async function renew(globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.snapshots.renew(run));
    result(globals, ms, 'every hot snapshot has its ready copy');
  });
}

/** In a process of its own, which goes on when this one ends. Should it not come to an end, the next restore is an ordinary one. */
function renewBehind(stack: string, { runtime, file }: GlobalOptions): void {
  const words = ['snapshot', 'renew', '--json', '--stack', stack, '--runtime', runtime, ...(file ? ['--file', file] : [])];
  spawn(process.execPath, [process.argv[1]!, ...words], { detached: true, stdio: 'ignore', windowsHide: true }).unref();
}

export async function branch(id: string, name: string | undefined, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    let opened: Branch | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      opened = await stack.snapshots.branch(id, name ?? null, run);
    });
    const { stack: branched, urls } = opened!;
    result(globals, ms, `snapshot ${id} runs as stack ${branched}`, { branch: opened });
    if (globals.json) return;
    const places = Object.values(urls).map((url) => `  ${url}\n`);
    const hints = [`noodlebox env --stack ${branched}`, `noodlebox down --volumes --stack ${branched}`].map((hint) => `  ${hint}\n`);
    process.stdout.write([...places, ...hints].join(''));
  });
}

export async function remove(id: string, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const { loses } = await stack.snapshots.outlook(id, 'delete');
    await confirm('Delete this snapshot?', loses, globals, signal);
    const ms = await runPrinted(globals.json, signal, (run) => stack.snapshots.delete(id, run));
    result(globals, ms, `snapshot ${id} is deleted`);
  });
}

export async function verify(id: string, options: { rehearse?: boolean }, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.snapshots.verify(id, run, options));
    result(globals, ms, `snapshot ${id} is whole${options.rehearse ? ', and its servers open it' : ''}`);
  });
}

function row(entry: SnapshotEntry): readonly string[] {
  if (entry.state === 'unreadable') return [entry.id, '', '', '', '', '', '', paint('red', `✖ ${entry.why}`)];
  const { id, name, createdAt, pause, cause, of } = entry.snapshot;
  const stood = pause === null ? '–' : took(pause);
  const { least, most } = spaceOf(entry.snapshot, entry.hot);
  const frees = least === most ? size(most) : `${size(least)} to ${size(most)}`;
  const hot = entry.hot === null ? '' : entry.hot.state === 'ready' ? 'ready' : 'to be made';
  return [id, name ?? '', new Date(createdAt).toISOString(), size(bytesOf(entry.snapshot)), frees, hot, stood, causes[cause](of)];
}

const causes: Readonly<Record<Snapshot['cause'], (of: string | null) => string>> = {
  asked: () => 'asked for',
  'before-restore': (of) => `before restore of ${of}`,
  'before-reset': () => 'before reset',
  'before-down': () => 'before down --volumes',
  recovered: () => 'recovered from a backup',
  'before-backup-restore': () => 'before restore of a backup',
};

function described(snapshot: Snapshot): string {
  const { id, name, note, createdAt, countedAt, pause, copying, runtime } = snapshot;
  const facts = [
    ['id', id],
    ['name', name ?? '–'],
    ['note', note ?? '–'],
    ['taken', new Date(createdAt).toISOString()],
    ['why', causes[snapshot.cause](snapshot.of)],
    ['runtime', runtime],
    ['pause', pause === null ? 'nothing ran' : `${took(pause)}, of which ${took(copying)} copying`],
    ['size', size(bytesOf(snapshot))],
    ['counted', countedAt === null ? 'not: no store answered' : `${new Date(countedAt).toISOString()}, just before the pause`],
  ];
  const volumes = snapshot.volumes.map(({ key, files, bytes }) => [key, `${files.toLocaleString('en')} files`, size(bytes)]);
  const services = snapshot.services.map(({ service, version, image, ran, store }) => {
    const applied = store?.migrations.filter(({ state }) => state === 'applied').length ?? 0;
    const held = store?.counts.map(({ name: what, rows }) => `${rows.toLocaleString('en')} ${what}`).join(', ');
    return [service, version ?? image, ran ? 'ran' : 'did not run', store ? `${applied} migrations; ${held || 'empty'}` : ''];
  });
  return [table(facts), '', table(volumes), '', table(services)].join('\n');
}

function bytesOf({ volumes }: Snapshot): number {
  return volumes.reduce((sum, { bytes }) => sum + bytes, 0);
}
