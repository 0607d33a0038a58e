/** `noodlebox backup` as a script uses it, on a real Redis. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { noodlebox } from '../support/cli.ts';

const lacks = await lacking('native', ['redis']);
let bed: StackBed;

beforeAll(async () => {
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
});
afterAll(() => bed?.clear());

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  noodlebox([...args, '--stack', bed.name, '--runtime', 'native', '--json'], { ...bed.env, ...env });

async function redis<T>(act: (client: Redis) => Promise<T>): Promise<T> {
  const { host, port, parts } = await bed.stack.connection('redis');
  const client = new Redis({ host, port, password: parts.password });
  try {
    return await act(client);
  } finally {
    client.disconnect();
  }
}

it('makes one, lists and shows it, checks it, brings it back and deletes it', async (test) => {
  if (lacks) return test.skip(lacks);
  await redis((client) => client.set('key', 'as it was'));
  const made = await run(['backup', 'create', '--service', 'redis', '--name', 'first']);
  expect(made.lines.at(-1)).toMatchObject({ type: 'result', ok: true, backup: { name: 'first', services: [{ service: 'redis' }] } });
  expect(made.lines.find(({ type }) => type === 'plan')).toMatchObject({ operations: [{ id: 'dump redis' }] });
  expect((await run(['backup', 'list'])).lines).toMatchObject([{ state: 'whole', backup: { name: 'first' } }, { ok: true }]);
  expect((await run(['backup', 'show', 'first'])).lines[0]).toMatchObject({
    stores: [{ service: 'redis', counts: [{ count: 1 }, { count: 0 }] }],
  });
  expect((await run(['backup', 'verify', 'first'])).lines.at(-1)).toMatchObject({ ok: true, check: { how: 'read', ok: true } });

  await redis((client) => client.set('key', 'other'));
  const unasked = await run(['backup', 'restore', 'first', '--no-snapshot']);
  expect(unasked).toMatchObject({ code: 2, lines: [{ ok: false, problem: { code: 'confirmation-needed' } }] });
  expect(await redis((client) => client.get('key'))).toBe('other');
  const restored = await run(['backup', 'restore', 'first', '--no-snapshot', '--yes']);
  expect(restored).toMatchObject({ code: 0 });
  expect(await redis((client) => client.get('key'))).toBe('as it was');

  expect((await run(['backup', 'create', '--service', 'redis', '--name', 'first'])).lines.at(-1)).toMatchObject({
    problem: { code: 'conflict' },
  });
  expect((await run(['backup', 'create', '--service', 'nothing'])).code).toBe(2);
  expect((await run(['backup', 'delete', 'first', '--yes'])).code).toBe(0);
  expect((await run(['backup', 'show', 'first'])).lines).toMatchObject([{ ok: false, problem: { code: 'not-found' } }]);
});

it('takes a passphrase from the environment and a key from a file that nobody else may read, and tells neither', async (test) => {
  if (lacks) return test.skip(lacks);
  const secret = { NOODLEBOX_PASSPHRASE: 'not to be told' };
  const made = await run(['backup', 'create', '--service', 'redis', '--encrypt', '--name', 'locked'], secret);
  expect(made.lines.at(-1)).toMatchObject({ ok: true, backup: { encryption: 'passphrase' } });
  expect(await run(['backup', 'verify', 'locked'])).toMatchObject({ code: 2, lines: [{ problem: { code: 'confirmation-needed' } }] });
  const wrong = await run(['backup', 'verify', 'locked'], { NOODLEBOX_PASSPHRASE: 'another that is not told' });
  expect(wrong.lines.at(-1)).toMatchObject({ ok: false, problem: { code: 'wrong-passphrase' } });
  expect(wrong.stdout + wrong.stderr + made.stdout + made.stderr).not.toContain('told');
  expect((await run(['backup', 'verify', 'locked'], secret)).lines.at(-1)).toMatchObject({ ok: true });

  const identity = await generateX25519Identity();
  const file = join(bed.home, 'key.txt');
  await writeFile(file, `# a key\n${identity}\n`, { mode: 0o644 });
  const to = ['--recipient', await identityToRecipient(identity)];
  expect((await run(['backup', 'create', '--service', 'redis', '--name', 'sent', ...to])).lines.at(-1)).toMatchObject({ ok: true });
  expect((await run(['backup', 'verify', 'sent'])).lines.at(-1)).toMatchObject({ problem: { code: 'wrong-passphrase' } });
  const open = await run(['backup', 'verify', 'sent', '--identity', file]);
  expect(open.lines.at(-1)).toMatchObject({ ok: false, problem: { code: 'bad-argument', command: `chmod 600 ${file}` } });
  await writeFile(`${file}.own`, identity, { mode: 0o600 });
  expect((await run(['backup', 'verify', 'sent', '--identity', `${file}.own`])).lines.at(-1)).toMatchObject({ ok: true });
});
