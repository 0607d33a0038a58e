/** A backup made without a container engine comes back on one, to the last byte. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lacking, makeStack, quietRun } from '../lab/stack-bed.ts';
import { content } from './dumps-content.ts';

it.each(['postgres', 'redis', 'mongodb', 'influxdb', 'pulsar'] as const)('moves %s from processes to containers', async (kind) => {
  const lacks = (await lacking('native', [kind])) ?? (await lacking('docker', [kind]));
  if (lacks) return;
  const [from, to] = [await makeStack('native'), await makeStack('docker')];
  try {
    await from.stack.up([kind], { seed: false, install: true }, quietRun());
    await content[kind].write(from.stack);
    const wanted = await content[kind].read(from.stack);
    const encryption = { kind: 'passphrase', passphrase: 'on its way' } as const;
    const made = await from.stack.backups.create({ name: null, note: null, services: [kind], encryption, to: from.home }, quietRun());
    const file = join(to.home, 'arrived.noodle');
    await cp(made.file, file);
    await to.stack.up([kind], { seed: false, install: false }, quietRun());
    await to.stack.backups.restore(file, { services: [], keys: { passphrase: 'on its way' }, snapshot: false }, quietRun());
    expect(await content[kind].read(to.stack)).toEqual(wanted);
  } finally {
    await Promise.all([from.clear(), to.clear()]);
  }
});
