/** The stack that all tests of bundles share, and what they do with it: a start of five servers takes its time. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { readArchive } from '../../../main/backup/archive/read.ts';
import { writeArchive } from '../../../main/backup/archive/write.ts';
import type { BundleWanted, Core, Stack } from '../../../main/core/core.ts';
import { createCore } from '../../../main/core/create.ts';
import { asNoodleError } from '../../../main/errors.ts';
import type { BundleAbout } from '../../../preload/contract/bundles.ts';
import { serviceKindNames } from '../../../preload/contract/kinds.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';

export const all: BundleWanted = { ids: null, rules: null, mask: true, note: null };
const none = { kind: 'none' } as const;

export let bed: StackBed;
/** Why there is none; undefined where there is one. */
export let lacks: string | undefined;
export let folder: string;
/** A user with projects, and jobs in projects of others. */
export let user: string;

export async function begin(): Promise<void> {
  lacks = await lacking('native', serviceKindNames);
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-bundles-'));
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up([], { seed: true, install: false }, quietRun());
  const [row] = await sql(
    bed.stack,
    `select u.id from users u join projects p on p.owner_id = u.id join compilation_jobs j on j.user_id = u.id and j.project_id <> p.id
     group by u.id order by u.id limit 1`,
  );
  user = row!.id as string;
}

export async function end(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (lacks) return;
  expect(existsSync(join(bed.home, 'imports')) ? await readdir(join(bed.home, 'imports')) : []).toEqual([]);
  await bed.clear();
}

/** Another process on the same home. */
export async function coreOf(env: NodeJS.ProcessEnv): Promise<Core> {
  return createCore({ env, home: bed.home });
}

let files = 0;

export async function taken(stack: Stack, request: BundleWanted) {
  const bundle = await stack.bundle(request, quietRun());
  return written(bundle);
}

export async function pulled(core: Core, request: BundleWanted) {
  return written(await core.bundles.pull(undefined, request, quietRun()));
}

async function written(bundle: Awaited<ReturnType<Stack['bundle']>>) {
  const file = join(folder, `bundle-${files++}.noodle`);
  try {
    await bundle.write(file, none, quietRun());
  } finally {
    await bundle.discard();
  }
  return { file, about: bundle.about, parts: await partsOf(file) };
}

async function partsOf(file: string): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>();
  await readArchive(file, { kind: 'bundle', keys: {}, signal: quietRun().signal }, async (archive) => {
    for await (const { path, content } of archive.parts) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      parts.set(path, Buffer.concat(chunks));
    }
  });
  return parts;
}

/** The same bundle with something else in it, sealed as a bundle is. */
export async function rewritten(
  file: string,
  about: BundleAbout,
  parts: ReadonlyMap<string, Buffer>,
  change: (path: string, content: Buffer) => Buffer = (_path, content) => content,
): Promise<string> {
  const path = `${file}-${files++}.noodle`;
  const options = { kind: 'bundle', open: {}, about, encryption: none, signal: quietRun().signal } as const;
  await writeArchive(path, options, async (put) => {
    for (const [name, content] of parts) await put(name, [change(name, content)]);
  });
  return path;
}

export async function sql(stack: Stack, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  return on((await stack.connection('postgres')).url, [text], values);
}

export async function on(url: string, statements: readonly string[], values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement, [...values])).rows as Record<string, unknown>[];
    return rows;
  } finally {
    await client.end();
  }
}

export async function problemOf(act: Promise<unknown>) {
  const error = await act.then(() => undefined, asNoodleError);
  if (!error || error.code === 'internal') throw error ?? new Error('it was done');
  return error.problem;
}
