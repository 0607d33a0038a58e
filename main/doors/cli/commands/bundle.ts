import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { BundleAbout, BundleFile, BundleLock } from '../../../../preload/contract/bundles.ts';
import type { Bundle, BundleWanted, Core, RunOptions } from '../../../core/core.ts';
import { NoodleError } from '../../../errors.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { keysFor, passphrase, passphraseVariable } from '../passphrase.ts';
import { withCore, withKnownStack } from '../session.ts';
import { paint, size, table, took } from '../text.ts';

interface TakeOptions {
  readonly recipient: readonly string[];
  readonly encrypt?: boolean;
  readonly all?: boolean;
  readonly out?: string;
  readonly rules?: string;
  readonly mask: boolean;
  readonly note?: string;
  readonly dryRun?: boolean;
}

export async function exportBundle(ids: readonly string[], options: TakeOptions, globals: GlobalOptions): Promise<void> {
  const request = await requestOf(ids, options);
  await withKnownStack(globals, async (stack, signal) => {
    await take((run) => stack.bundle(request, run), options.out ?? `${stack.name}.noodle`, options, globals, signal);
  });
}

export async function pull(
  ids: readonly string[],
  options: TakeOptions & { readonly from?: string; readonly import?: boolean },
  globals: GlobalOptions,
): Promise<void> {
  const request = await requestOf(ids, options);
  const stack = options.import ? mustName(globals) : undefined;
  await withCore(async (core, signal) => {
    const gather = (run: RunOptions) => core.bundles.pull(options.from, request, run);
    if (stack === undefined || options.dryRun || options.out !== undefined) {
      const file = await take(gather, options.out ?? 'pulled.noodle', options, globals, signal, stack === undefined);
      if (stack !== undefined && file) await makeStack(core, file, await keysOfOwn(file.lock), stack, { install: true }, globals, signal);
      return;
    }
    const { id, path } = await core.shelf.reserve('pulled.noodle', 'application/octet-stream');
    try {
      const file = await take(gather, path, options, globals, signal, false);
      if (file) await makeStack(core, file, await keysOfOwn(file.lock), stack, { install: true }, globals, signal);
    } finally {
      await core.shelf.discard(id);
    }
  });
}

/** What opens the file that was written just now. */
async function keysOfOwn(lock: BundleLock) {
  if (lock.kind === 'recipients') {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'A bundle that is encrypted to others cannot be imported at once.',
      todo: 'Leave --import out, or lock it with --encrypt.',
    });
  }
  return lock.kind === 'passphrase' ? { passphrase: lock.passphrase } : {};
}

/** @returns the file that was written; undefined after a dry run */
async function take(
  gather: (run: RunOptions) => Promise<Bundle>,
  out: string,
  options: TakeOptions,
  globals: GlobalOptions,
  signal: AbortSignal,
  last = true,
): Promise<{ readonly path: string; readonly lock: BundleLock } | undefined> {
  const path = resolve(out);
  if (!options.dryRun && existsSync(path) && !globals.yes) {
    throw new NoodleError({
      code: 'conflict',
      what: `${out} is there already.`,
      todo: 'Give another name with --out, or --yes to replace it.',
    });
  }
  const lock = options.dryRun ? ({ kind: 'none' } as const) : await lockOf(options, globals, signal);
  let about: BundleAbout | undefined;
  let bytes = 0;
  const ms = await runPrinted(globals.json, signal, async (run) => {
    const bundle = await gather(run);
    try {
      about = bundle.about;
      if (!globals.json) process.stdout.write(`${described(about)}\n`);
      if (!options.dryRun) bytes = await bundle.write(path, lock, run);
    } finally {
      await bundle.discard();
    }
  });
  if (globals.json) {
    if (last) process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, took: Math.round(ms), file: options.dryRun ? null : path, bytes, about })}\n`); // biome-ignore format: one line
  } else if (options.dryRun) {
    process.stdout.write('Nothing was written.\n');
  } else {
    process.stdout.write(`${paint('green', '✔')} ${out}: ${size(bytes)}, ${lockedAs(lock.kind)}  ${paint('dim', took(ms))}\n`);
  }
  return options.dryRun ? undefined : { path, lock };
}

export async function inspect(file: string, options: { readonly identity: readonly string[] }, globals: GlobalOptions): Promise<void> {
  await withCore(async (core, signal) => {
    const seen = await lookedInto(core, file, options.identity, globals, signal);
    if (globals.json) {
      process.stdout.write(`${JSON.stringify(seen)}\n${JSON.stringify({ type: 'result', ok: true })}\n`);
      return;
    }
    const { bytes, encryption, createdAt, about } = seen;
    process.stdout.write(`${basename(file)}: ${size(bytes)}, ${lockedAs(encryption)}, made ${new Date(createdAt).toISOString()}\n`);
    process.stdout.write(about ? `${described(about)}\n` : 'What it holds takes a key to see: --identity, or NOODLEBOX_PASSPHRASE.\n');
  });
}

export async function importBundle(
  file: string,
  options: { readonly identity: readonly string[]; readonly install: boolean },
  globals: GlobalOptions,
): Promise<void> {
  const stack = mustName(globals);
  await withCore(async (core, signal) => {
    const { keys } = await opened(core, file, options.identity, globals, signal);
    await makeStack(core, { path: resolve(file) }, keys, stack, options, globals, signal);
  });
}

async function makeStack(
  core: Core,
  { path }: { readonly path: string },
  keys: Awaited<ReturnType<typeof keysFor>>,
  stack: string,
  { install }: { readonly install: boolean },
  globals: GlobalOptions,
  signal: AbortSignal,
): Promise<void> {
  let about: BundleAbout | undefined;
  const ms = await runPrinted(globals.json, signal, async (run) => {
    about = await core.bundles.import({ file: path, keys }, { stack, runtime: globals.runtime, file: globals.file, install }, run);
  });
  const text = globals.json
    ? JSON.stringify({ type: 'result', ok: true, took: Math.round(ms), stack, about })
    : `${paint('green', '✔')} ${stack} runs, with what the bundle holds  ${paint('dim', took(ms))}`;
  process.stdout.write(`${text}\n`);
}

/** Where nobody can be asked for a passphrase, what anybody may know is told. */
async function lookedInto(
  core: Core,
  file: string,
  identity: readonly string[],
  globals: GlobalOptions,
  signal: AbortSignal,
): Promise<BundleFile> {
  const outside = await core.bundles.inspect(resolve(file), {}, signal);
  const canAsk = process.env[passphraseVariable] || (process.stdin.isTTY && !globals.json);
  const locked = outside.encryption === 'passphrase' ? !canAsk : outside.encryption === 'recipients' && identity.length === 0;
  return locked ? outside : (await opened(core, file, identity, globals, signal)).file;
}

async function opened(core: Core, file: string, identity: readonly string[], globals: GlobalOptions, signal: AbortSignal) {
  const path = resolve(file);
  const outside: BundleFile = await core.bundles.inspect(path, {}, signal);
  const keys = await keysFor(outside.encryption, identity, globals.json, signal);
  return { keys, file: outside.about ? outside : await core.bundles.inspect(path, keys, signal) };
}

async function lockOf({ recipient, encrypt }: TakeOptions, { json }: GlobalOptions, signal: AbortSignal): Promise<BundleLock> {
  if (recipient.length === 0) return encrypt ? { kind: 'passphrase', passphrase: await passphrase(true, json, signal) } : { kind: 'none' };
  if (encrypt) throw new NoodleError({ code: 'bad-argument', what: 'A file is locked with a passphrase or for recipients, not both.' });
  return { kind: 'recipients', recipients: [...recipient] };
}

async function requestOf(ids: readonly string[], options: TakeOptions): Promise<BundleWanted> {
  if (ids.length === 0 && !options.all) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'What is the bundle to be of?',
      todo: 'Name ids (of a user, a job …), or give --all for everything.',
    });
  }
  if (ids.length > 0 && options.all) throw new NoodleError({ code: 'bad-argument', what: 'Give ids or --all, not both.' });
  const rules = options.rules === undefined ? null : await readRules(options.rules);
  return { ids: options.all ? null : [...ids], rules, rulesFile: options.rules, mask: options.mask, note: options.note ?? null };
}

async function readRules(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new NoodleError({ code: 'bad-argument', what: `${file} cannot be read.`, why: (error as Error).message }, { cause: error });
  }
}

function mustName({ stack }: GlobalOptions): string {
  if (stack !== undefined) return stack;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'The new stack needs a name.',
    todo: 'Give one with --stack that no stack has yet.',
  });
}

function lockedAs(encryption: BundleFile['encryption']): string {
  if (encryption === 'none') return 'not encrypted: whoever has the file can read it';
  return encryption === 'passphrase' ? 'encrypted with a passphrase' : 'encrypted to recipients';
}

function described(about: BundleAbout): string {
  const { scope, services, report } = about;
  const head = [
    ['of', about.stack === null ? 'other servers' : `stack ${about.stack} (${about.runtime})`],
    ['holds', scope.what === 'everything' ? 'everything' : `what ${scope.ids.join(', ')} reached`],
    ...(about.note === null ? [] : [['note', about.note]]),
    ...(about.compose === null ? [] : [['compose', 'a file of its own (inspect --json shows it)']]),
  ];
  const held = services.map(({ service, version, counts, migrations, bytes }) => {
    const there = counts.filter(({ rows }) => rows > 0).map(({ name, rows }) => `${rows.toLocaleString('en')} ${name}`);
    return [service, version, migrations === null ? '' : `${migrations.length} migrations`, size(bytes), there.join(', ') || 'nothing'];
  });
  const masked = report.masked.map(({ service, place, field, mask, values }) => {
    return ['masked', `${service} ${place}.${field}`, `as ${mask}`, `${values.toLocaleString('en')} values`];
  });
  const personal = report.personal.map(({ service, place, field, like, by, found, looked }) => {
    return [
      'not masked',
      `${service} ${place}.${field}`,
      `looks like ${like}`,
      by === 'name' ? 'by its name' : `${found} of ${looked} values`,
    ];
  });
  const warnings = [...about.cuts, ...about.notices, ...(about.masked ? [] : ['Nothing is masked.'])];
  return [table(head), '', table(held), ...(masked.length > 0 ? ['', table(masked)] : []), ...(personal.length > 0 ? ['', table(personal)] : []), ...warnings.map((text) => `${paint('yellow', '!')} ${text}`)].join('\n'); // biome-ignore format: one line
}
