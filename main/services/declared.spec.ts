import { expect, it } from 'vitest';
import { z } from 'zod';
import { NoodleError } from '../errors.ts';
import { readDeclared } from './declared.ts';

const schema = z.strictObject({ bucket: z.strictObject({ hours: z.number(), shard: z.number().default(1) }) });
const read = (content: string) => readDeclared({ id: '0001_x', file: 'seeds/x/0001_x.yaml', checksum: '', content }, schema);

function why(content: string): string | undefined {
  try {
    read(content);
  } catch (error) {
    if (error instanceof NoodleError && error.code === 'migration-failed') return error.problem.why;
  }
  throw new Error('It was not refused.');
}

it('reads what is declared, with its defaults', () => {
  expect(read('bucket:\n  hours: 720\n')).toEqual({ bucket: { hours: 720, shard: 1 } });
});

it('names file and line of a wrong value', () => {
  expect(why('# first\nbucket:\n  hours: many\n')).toMatch(/^seeds\/x\/0001_x\.yaml:3: bucket\.hours: /);
});

it('names file and line of a key that it does not know', () => {
  expect(why('bucket:\n  hours: 1\n  hourz: 2\n')).toMatch(/0001_x\.yaml:3: .*hourz/);
});

it('names the nearest line for what is missing', () => {
  expect(why('bucket:\n  shard: 2\n')).toMatch(/0001_x\.yaml:2: bucket\.hours/);
});

it('names file and line of what is no YAML', () => {
  expect(why('bucket:\n  hours: [1\n')).toMatch(/0001_x\.yaml:[23]: /);
});
