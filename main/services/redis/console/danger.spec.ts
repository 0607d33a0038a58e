import { expect, it } from 'vitest';
import { dangerOf, refusalOf } from './danger.ts';

it('asks about what cannot be undone or holds the server up, however it is written', () => {
  for (const line of [
    'flushall',
    'FlushDb ASYNC',
    'KEYS *',
    'config set maxmemory 1',
    'SCRIPT FLUSH',
    'shutdown nosave',
    'debug sleep 1',
    'client kill id 3',
  ]) {
    expect(dangerOf(line.split(' ')), line).not.toBeNull();
  }
  for (const line of ['GET k', 'CONFIG GET *', 'CLIENT LIST', 'SCRIPT LOAD x', 'SET KEYS 1', 'constructor x', 'EVAL return 1 0']) {
    expect(dangerOf(line.split(' ')), line).toBeNull();
  }
});

it('looks into scripts', () => {
  expect(dangerOf(['EVAL', "return redis.call('flushall')", '0'])).toMatch(/FLUSHALL/);
});

it('does not let a connection be taken over', () => {
  expect(refusalOf(['monitor'])).toMatch(/Profiler/);
  expect(refusalOf(['client', 'reply', 'off'])).not.toBeNull();
  expect(refusalOf(['get', 'monitor'])).toBeNull();
});
