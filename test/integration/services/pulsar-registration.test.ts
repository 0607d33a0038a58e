/** Pulsar after a kill: its bookie's old registration is gone before it registers anew. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { Stack } from '../../../main/core/core.ts';
import { lacking, makeStack, quietRun } from '../../lab/stack-bed.ts';

it.for(['native', 'docker'] as const)('a bookie that was killed registers once when it comes back on %s', async (runtime, test) => {
  const lacks = await lacking(runtime, ['pulsar']);
  if (lacks) return test.skip(lacks);
  const bed = await makeStack(runtime);
  try {
    const up = () => bed.stack.up(['pulsar'], { seed: false, install: false }, quietRun());
    await up();
    const first = await registrations(bed.stack);
    expect(first.filter((line) => line.includes('Acquired resource lock'))).toHaveLength(1);
    const [pulsar] = (await bed.stack.status(undefined, { usage: false })).services.filter(({ name }) => name === 'pulsar');
    if (runtime === 'native') process.kill(pulsar!.pid!, 'SIGKILL');
    else execFileSync('docker', ['kill', `${bed.name}-pulsar-1`], { env: bed.env });
    const killed = Date.now();
    await expect
      .poll(async () => (await bed.stack.status(undefined, { usage: false })).services.find(({ name }) => name === 'pulsar')?.state)
      .toBe('stopped');
    await up();
    // What is found and deleted as it registers is told as a "missing lock".
    const again = (await registrations(bed.stack, killed)).map((line) => line.replace(/^.* - /, '').replace(/\d+$/, ''));
    expect(again).toEqual(['Acquired resource lock on /ledgers/available/127.0.0.1:']);
  } finally {
    await bed.clear();
  }
});

async function registrations(stack: Stack, since?: number): Promise<string[]> {
  const lines: string[] = [];
  const signal = AbortSignal.timeout(60_000);
  for await (const batch of stack.logs({ services: ['pulsar'], follow: false, since, signal }))
    lines.push(...batch.map(({ text }) => text));
  return lines.filter((line) => line.includes('ResourceLockImpl') && line.includes('/ledgers/available/'));
}
