import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askVersion, atLeast, findProgram } from './find-program.ts';

it('versions are compared number by number', () => {
  expect(atLeast('7.0.15', '7.0')).toBe(true);
  expect(atLeast('10.1', '9.9')).toBe(true);
  expect(atLeast('1.21', '1.22')).toBe(false);
  expect(atLeast('7', '7.0')).toBe(true);
});

it('a program is found on PATH first, and one that is nowhere is not made up', async () => {
  expect(await findProgram('node', { PATH: process.execPath.replace(/[^/\\]+$/, '') })).toBe(process.execPath);
  expect(await findProgram('no-such-program-anywhere', { PATH: process.env.PATH })).toBeUndefined();
});

it('a program that does not say its version, or does not run, has none', async () => {
  expect(await askVersion([process.execPath, '--version'], /v(\d+)\./)).toMatch(/^\d+$/);
  expect(await askVersion([process.execPath, '--version'], /nothing like (it)/)).toBeUndefined();
  expect(await askVersion(['/no/such/program'], /(.*)/)).toBeUndefined();
});

it.skipIf(process.platform === 'win32')(
  'a program is asked its version once as long as it is the same file, and anew after an update',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'noodlebox version-'));
    try {
      const program = join(folder, 'server');
      const asked = join(folder, 'asked');
      const install = (version: string) => {
        rmSync(program, { force: true });
        writeFileSync(program, `#!/bin/sh\necho x >> "${asked}"\necho server ${version}\n`);
        chmodSync(program, 0o755);
      };
      install('1.2');
      for (const _ of [1, 2]) expect(await askVersion([program], /server ([\d.]+)/)).toBe('1.2');
      expect(readFileSync(asked, 'utf8')).toBe('x\n');
      install('10.3');
      expect(await askVersion([program], /server ([\d.]+)/)).toBe('10.3');
      rmSync(program);
      expect(await askVersion([program], /server ([\d.]+)/)).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
