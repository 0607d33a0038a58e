import { expect, it } from 'vitest';
import { lockOf } from './lock.ts';

it('locks with what was given, and with nothing while it is missing', () => {
  expect(lockOf({ kind: 'none', secret: 'left over' })).toEqual({ kind: 'none' });
  expect(lockOf({ kind: 'passphrase', secret: '' })).toBeNull();
  expect(lockOf({ kind: 'passphrase', secret: ' with spaces ' })).toEqual({ kind: 'passphrase', passphrase: ' with spaces ' });
  expect(lockOf({ kind: 'recipients', secret: ' \n ' })).toBeNull();
  expect(lockOf({ kind: 'recipients', secret: 'age1a\n\nage1b age1c\n' })).toEqual({
    kind: 'recipients',
    recipients: ['age1a', 'age1b', 'age1c'],
  });
});
