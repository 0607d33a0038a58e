import { expect, test } from 'vitest';
import type { NoodleError } from '../../../errors.ts';
import type { FieldOutline, PlaceOutline } from '../../../services/portion.ts';
import { builtinMasks } from './builtin.ts';
import { isPlace, RuleLookup } from './lookup.ts';
import { noRules, parseRules } from './rules.ts';
import { problemsOf } from './validate.ts';

function whyOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as NoodleError).problem.why!;
  }
  throw new Error('it was taken');
}

const field = (name: string, more: Partial<FieldOutline> = {}): FieldOutline => ({
  name,
  type: 'text',
  shape: 'text',
  most: undefined,
  nullable: true,
  unique: false,
  joins: [],
  ...more,
});
const tables: readonly PlaceOutline[] = [
  {
    place: 'public.users',
    fields: [
      field('id', { type: 'uuid', shape: 'uuid', nullable: false, unique: true, joins: ['public.orders.user_id'] }),
      field('email', { nullable: false, unique: true }),
      field('age', { type: 'integer', shape: 'other' }),
      field('settings', { type: 'jsonb', shape: 'json' }),
    ],
  },
  { place: 'public.orders', fields: [field('user_id', { type: 'uuid', shape: 'uuid', joins: ['public.users.id'] })] },
];

test('rules are read with their lines', () => {
  const rules = parseRules(
    'mask:\n  postgres:\n    users:\n      email: email\n      status: { constant: 7 }\n      phone: null\nlimit: 50\nchildren: none\nreferences:\n  - { from: a.b, to: c.d }\n',
    'rules.yaml',
  );
  expect(rules.masks).toEqual([
    { kind: 'postgres', place: 'users', field: 'email', mask: { kind: 'email' }, written: 'rules.yaml:4' },
    { kind: 'postgres', place: 'users', field: 'status', mask: { kind: 'constant', value: '7' }, written: 'rules.yaml:5' },
    { kind: 'postgres', place: 'users', field: 'phone', mask: { kind: 'null' }, written: 'rules.yaml:6' },
  ]);
  expect(rules).toMatchObject({ limit: 50, children: [], references: [{ from: 'a.b', to: 'c.d', place: 'rules.yaml:10' }] });
  expect(parseRules('', 'empty.yaml')).toEqual(noRules);
});

test('what is wrong is told with its line, all of it at once', () => {
  const why = whyOf(() => parseRules('mask:\n  postgres:\n    users:\n      email: hide\n  oracle: {}\nlimits: 4\nlimit: 0\n', 'r.yaml'));
  expect(why).toContain('r.yaml:4: mask.postgres.users.email: it is one of keep, email,');
  expect(why).toContain('r.yaml:5: mask.oracle: there is no such rule');
  expect(why).toContain('r.yaml:6: limits: there is no such rule');
  expect(why).toContain('r.yaml:7: limit:');
  expect(whyOf(() => parseRules('mask: {\n a: [', 'r.yaml'))).toMatch(/^r\.yaml:2: /);
});

test('rules are held against the schema before anything is read', () => {
  const outlines = new Map([['postgres' as const, tables]]);
  const problems = (text: string) => problemsOf(parseRules(text, 'r').masks, outlines);
  const told = (lines: string) => problems(`mask:\n  postgres:\n    users:\n${lines}`);
  expect(told('      email: email\n      settings.a.b: text\n')).toEqual([]);
  expect(told('      e_mail: email\n')).toEqual(['r:4: public.users has no field e_mail']);
  expect(told('      age: text\n')).toEqual(['r:4: age (integer) cannot be masked as text: it holds no text']);
  expect(told('      age.x: text\n')).toEqual(['r:4: age (integer) has nothing inside of it']);
  expect(told('      email: null\n')).toEqual(['r:4: email (text) must have a value, so it cannot be masked as null']);
  expect(told('      email: { constant: a }\n')).toEqual(['r:4: email (text) must differ in every row, so it cannot be a constant']);
  expect(told('      id: id\n')[0]).toContain('r:4: users.id is joined with public.orders.user_id, which is masked as keep');
  expect(told('      id: id\n    orders:\n      user_id: id\n')).toEqual([]);
  expect(problems('mask:\n  postgres: { gone: { a: text } }\n  redis: { "s:*": { a: text } }\n')).toEqual([
    'r:2: postgres has no gone',
    'r:3: there is no redis here',
  ]);
});

test('what comes with Noodlebox holds where such a field is, and is no mistake elsewhere', () => {
  expect(problemsOf(builtinMasks, new Map([['postgres', tables]]))).toEqual([]);
  const own = parseRules('mask: { postgres: { users: { email: keep } } }', 'r').masks;
  expect(new RuleLookup('postgres', [...own, ...builtinMasks]).find('public.users', 'email')?.mask).toEqual({ kind: 'keep' });
  expect(new RuleLookup('postgres', builtinMasks).find('public.users', 'email')?.mask).toEqual({ kind: 'email' });
});

test('a rule stands for all below its field, and the nearest one counts', () => {
  const { masks } = parseRules('mask: { mongodb: { people: { home: text, home.city: keep } } }', 'r');
  const lookup = new RuleLookup('mongodb', masks);
  expect(lookup.find('people', 'home.street.name')?.mask).toEqual({ kind: 'text' });
  expect(lookup.find('people', 'home.city')?.mask).toEqual({ kind: 'keep' });
  expect(lookup.find('people', 'homeless')).toBeUndefined();
  expect(lookup.find('others', 'home')).toBeUndefined();
});

test('places are named as each store names them, and hostile names match nothing but themselves', () => {
  expect(isPlace('postgres', 'users', 'public.users')).toBe(true);
  expect(isPlace('postgres', 'users', 'private.users')).toBe(false);
  expect(isPlace('redis', 'session:*:data', 'session:1:2:data')).toBe(true);
  expect(isPlace('redis', 'a*a', 'a')).toBe(false);
  expect(isPlace('redis', '(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')).toBe(false);
  expect(isPlace('mongodb', 'a*', 'abc')).toBe(false);
  expect(isPlace('pulsar', 'events', 'persistent://public/default/events')).toBe(true);
});
