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
