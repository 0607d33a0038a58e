import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TaskEvent } from '../../../preload/contract/models.ts';
import type { StoreDumper } from '../../services/dumper.ts';
import type { Encryption } from '../archive/encryption.ts';
import { unfinishedName } from '../archive/unfinished.ts';
import { createBackup } from './create.ts';
import type { BackupHost, Store } from './host.ts';
import { restoreBackup } from './restore.ts';
import { findBackup } from './store.ts';
import { verifyBackup } from './verify.ts';

let home: string;
let events: TaskEvent[];
let swapped: string[];
const run = { signal: new AbortController().signal, onEvent: (event: TaskEvent) => events.push(event) };
const counts = [{ name: 'secret_project', count: 3, checksum: 'c' }];
const identity = await generateX25519Identity();
const locked: Encryption = { kind: 'recipients', recipients: [await identityToRecipient(identity)] };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'noodlebox-store-'));
  events = [];
  swapped = [];
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A stack whose one store holds a text, and takes it back in the same way. */
function host(): BackupHost {
  const dumper = {
    async dump(_place, put) {
      await put('secret_project.rows', [Buffer.from('three rows')]);
      return { counts, notes: ['a note on secret_project'] };
    },
    async stage(_place, parts) {
      for await (const { content } of parts) for await (const _ of content);
      return { record: null, counts, notes: [] };
    },
    swap: async () => void swapped.push('swap'),
    discard: async () => {},
  } as Partial<StoreDumper>;
  const store = { service: 'redis', kind: 'redis', dumper: async () => dumper, place: async () => ({}), version: async () => '8.0.2' };
  const host: Partial<BackupHost> = {
    stack: 'box',
    runtime: 'native',
    folder: join(home, 'backups'),
    stores: [store as unknown as Store],
    forget: async () => {},
  };
  return host as BackupHost;
}

const request = (encryption: Encryption, file: string) => ({ name: null, note: null, services: [], encryption, to: join(home, file) });

it('what an encrypted backup holds stands nowhere beside it, not even after it was checked and found damaged', async () => {
  const made = await createBackup(host(), request(locked, 'locked.noodle'), run);
  // Whoever makes it is told all the same.
  expect(made.stores).toMatchObject([{ service: 'redis', counts }]);
  const keys = { identities: [identity] };
  expect(await verifyBackup(host(), made, { how: 'read', keys }, run)).toMatchObject({ ok: true });
  await restoreBackup(host(), made, { services: [], snapshot: false, keys }, run);
  const scratch = (
    _id: string,
    _services: readonly string[],
    _run: unknown,
    act: (stack: unknown, folder: string) => Promise<string[]>,
  ) => {
    const { stores } = host();
    const dump = async () => ({ counts: [{ name: 'secret_project', count: 2, checksum: 'd' }], notes: [] });
    const dumper = async () => ({ ...(await stores[0]!.dumper()), dump });
    return act({ stack: 'try', stores: [{ ...stores[0]!, dumper }] }, home);
  };
  const other = { ...host(), scratch } as BackupHost;
  await expect(verifyBackup(other, made, { how: 'restored', keys }, run)).rejects.toThrow('secret_project');
  const found = await findBackup(join(home, 'backups'), made.file);
  expect(found).toMatchObject({
    stores: null,
    checks: [
      { ok: false, differences: [] },
      { ok: true, how: 'read' },
    ],
  });
  for (const name of (await readdir(home)).filter((each) => each.startsWith('locked'))) {
    expect(await readFile(join(home, name), 'latin1'), name).not.toContain('secret_project');
  }
});

it('a backup that is not encrypted is known without reading it again', async () => {
  const { file } = await createBackup(host(), request({ kind: 'none' }, 'open.noodle'), run);
  expect(await findBackup(join(home, 'backups'), file)).toMatchObject({ stores: [{ service: 'redis', counts }] });
});

it('a backup on a medium that takes no record beside it is made, checked and restored, and a notice says that nothing is kept', async () => {
  await mkdir(join(home, 'open.noodle.json', 'in the way'), { recursive: true });
  const made = await createBackup(host(), request({ kind: 'none' }, 'open.noodle'), run);
  expect(await verifyBackup(host(), made, { how: 'read', keys: {} }, run)).toMatchObject({ ok: true });
  expect(events.filter(({ type }) => type === 'notice')).toMatchObject([
    { level: 'warn', message: expect.stringContaining('cannot be kept') },
  ]);
  await restoreBackup(host(), await findBackup(join(home, 'backups'), made.file), { services: [], snapshot: false, keys: {} }, run);
  expect(swapped).toEqual(['swap']);
});

it('what a killed backup left in a folder goes with the next one there, though that has another name; others stay', async () => {
  const dead = async (name: string) => (await unfinishedName(name)).replace(/\.\d+-/, '.99999999-');
  const own = await dead('box-20260314-092653-1a2b.noodle');
  const others = [await dead('other-20260314-092653-1a2b.noodle'), await dead('box-mine.noodle')];
  for (const name of [own, ...others]) await writeFile(join(home, name), '');
  await createBackup(host(), { ...request({ kind: 'none' }, ''), to: home }, run);
  expect((await readdir(home)).filter((name) => name.endsWith('.unfinished')).sort()).toEqual(others.sort());
});
