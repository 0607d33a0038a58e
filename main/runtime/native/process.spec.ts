import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { goneWithin, killGroup, runs, signalProcess, startOf } from './process.ts';

it('a process is known by its pid and its start together', async () => {
  const child = spawn('sleep', ['60'], { detached: true });
  try {
    const run = { pid: child.pid!, identity: (await startOf(child.pid!))! };
    expect(await runs(run)).toBe(true);
    expect(await runs({ ...run, identity: `${run.identity}0` })).toBe(false);
    // Of another identity: nothing is signalled.
    await signalProcess({ ...run, identity: 'another' }, 'SIGKILL');
    await killGroup({ ...run, identity: 'another' });
    expect(await goneWithin(run, 50)).toBe(false);
    await killGroup(run);
    expect(await goneWithin(run, 5_000)).toBe(true);
  } finally {
    child.kill('SIGKILL');
  }
});

it.runIf(process.platform === 'linux')('a process that has ended is gone though nobody has taken note of it', async () => {
  // The shell never waits for its child, which stays a zombie while the shell sleeps.
  const shell = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [output] = (await once(shell.stdout, 'data')) as [Buffer];
    await expect.poll(() => startOf(Number(output.toString()))).toBeUndefined();
  } finally {
    shell.kill('SIGKILL');
  }
});
