/** Backups on real servers: what is carried off comes back, to the last byte, on the same stack and another; and bad days. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBackupFile } from '../../main/backup/dumps/contents.ts';
import { openStack } from '../../main/core/open.ts';
import { homePaths } from '../../main/home/paths.ts';
import { kindOf } from '../../main/services/registry.ts';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { content } from './dumps-content.ts';

const plain = { name: null, note: null, services: [], encryption: { kind: 'none' } } as const;
const restoring = { services: [], keys: {}, snapshot: false } as const;

const groups: readonly (readonly ServiceKindName[])[] = [['postgres'], ['redis'], ['mongodb'], ['influxdb'], ['pulsar']];

describe.each(['native', 'docker'] as const)('backups on %s', (runtime) => {
  describe.each(groups.map((kinds) => ({ kinds, title: kinds.join(' and ') })))('of $title', ({ kinds }) => {
    const held = stackWith(runtime, kinds);

    it('come back to the last byte after everything was wrecked, and leave nothing beside', async (test) => {
      if (held.lacks) return test.skip(held.lacks);
      const { stack } = held.bed;
      const before = await readAll(held);
      const made = await stack.backups.create(plain, quietRun());
      expect(made.services.map(({ service }) => service)).toEqual([...kinds]);
      expect(made.stores!.flatMap(({ counts }) => counts).reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(100);
      for (const kind of kinds) await content[kind].wreck(stack);
      expect(await readAll(held)).not.toEqual(before);
      await stack.backups.restore(made.id, restoring, quietRun());
      expect(await readAll(held)).toEqual(before);
      expect(await folderOf(held.bed)).toEqual([`${made.id}.noodle`, `${made.id}.noodle.json`]);
      await stack.backups.delete(made.id, quietRun());
      expect(await folderOf(held.bed)).toEqual([]);
    });

    it('are put in place from wherever that was cut off', async (test) => {
      if (held.lacks) return test.skip(held.lacks);
      const { bed } = held;
      const before = await readAll(held);
      const made = await bed.stack.backups.create(plain, quietRun());
      const core = { env: bed.env, home: bed.home, paths: homePaths(bed.home), settings: () => bed.core.settings() };
      const opened = await openStack(core, { stack: bed.name, create: false });
      const never = new AbortController().signal;
      await readBackupFile(made, {}, { signal: never, progress: () => {} }, async ({ service, parts }) => {
        const kind = service as ServiceKindName;
        const place = {
          connection: await bed.stack.connection(kind),
          tools: opened.runtime.tools(bed.name, opened.definition.services[kind]!),
        };
        const dumper = await (await kindOf(kind).access()).dumper();
        const options = { id: 'cutoff', folder: join(bed.home, 'cut-off'), signal: never };
        const { record } = await dumper.stage(place, parts, options);
        await content[kind].wreck(bed.stack);
        for (const ms of [1, 10, 30, 100, 300]) {
          await dumper.swap(place, record, { ...options, signal: AbortSignal.timeout(ms) }).catch(() => {});
        }
        await dumper.swap(place, record, options);
        await dumper.discard(place, options);
      });
      await opened.runtime.close();
      expect(await readAll(held)).toEqual(before);
      await bed.stack.backups.delete(made.id, quietRun());
    });

    it('are tried by a restore into a stack of its own, whose result is kept', async (test) => {
      if (held.lacks) return test.skip(held.lacks);
      const { stack } = held.bed;
      const made = await stack.backups.create({ ...plain, encryption: { kind: 'passphrase', passphrase: 'a pass' } }, quietRun());
      const check = await stack.backups.verify(made.id, { how: 'restored', keys: { passphrase: 'a pass' } }, quietRun());
      expect(check).toMatchObject({ ok: true, how: 'restored', differences: [] });
      expect((await stack.backups.show(made.id)).checks).toEqual([check]);
      expect(await readdir(join(held.bed.home, 'stacks', held.bed.name, 'scratch')).catch(() => [])).toEqual([]);
      await stack.backups.delete(made.id, quietRun());
    });
  });
});

interface Held {
  readonly kinds: readonly ServiceKindName[];
  bed: StackBed;
  lacks: string | undefined;
}

function stackWith(runtime: RuntimeKind, kinds: readonly ServiceKindName[]): Held {
  const held: Held = { kinds, bed: undefined!, lacks: undefined };
  beforeAll(async () => {
    held.lacks = await lacking(runtime, kinds);
    if (held.lacks) return;
    held.bed = await makeStack(runtime);
    await held.bed.stack.up(kinds, { seed: false, install: true }, quietRun());
    for (const kind of kinds) await content[kind].write(held.bed.stack);
  });
  afterAll(async () => {
    await held.bed?.clear();
  });
  return held;
}

async function readAll({ kinds, bed }: Held): Promise<unknown[]> {
  return Promise.all(kinds.map((kind) => content[kind].read(bed.stack)));
}

async function folderOf(bed: StackBed): Promise<string[]> {
  return (await readdir(join(bed.home, 'stacks', bed.name, 'backups'))).sort();
}
