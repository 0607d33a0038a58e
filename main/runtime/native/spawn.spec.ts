import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { waitThenExec } from './spawn.ts';

it.runIf(process.platform !== 'win32')(
  'what is not recorded never runs: the shell ends with the Noodlebox that should have told it',
  async () => {
    const shell = spawn('/bin/sh', ['-c', waitThenExec, 'noodlebox', 'echo', 'ran'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '';
    shell.stdout.on('data', (text) => {
      printed += text;
    });
    shell.stdin.end();
    const [code] = await once(shell, 'close');
    expect(code).not.toBe(0);
    expect(printed).toBe('');
  },
);

it.runIf(process.platform !== 'win32')('once it is recorded the shell becomes the server: same pid', async () => {
  const shell = spawn('/bin/sh', ['-c', waitThenExec, 'noodlebox', '/bin/sh', '-c', 'echo $$'], { stdio: ['pipe', 'pipe', 'inherit'] });
  shell.stdin.end('recorded\n');
  const [output] = (await once(shell.stdout, 'data')) as [Buffer];
  expect(Number(output.toString())).toBe(shell.pid);
});
