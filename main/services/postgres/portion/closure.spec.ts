import { expect, test } from 'vitest';
import { type Closure, closureOf, type FoundRow } from './closure.ts';
import { declaredReferences, fieldKey, guessedReferences, loadOrder, plainField, type Reference, type Table } from './graph.ts';

type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;

const ref = (from: string, column: string, to: string, target = 'id'): Reference => {
  return { name: `${from}_${column}`, from, fields: [plainField(column)], to, targets: [plainField(target)] };
};

/** A database in memory: a row's place is its first column. */
async function close(
  data: Rows,
  references: readonly Reference[],
  root: string,
  more: { children?: readonly string[]; limit?: number } = {},
) {
  const found = (row: Readonly<Record<string, string | null>>): FoundRow => ({ place: Object.values(row)[0]!, values: row });
  const reads: string[] = [];
  const [table, id] = root.split(':') as [string, string];
  const closure = await closureOf(
    new Map([[table, data[table]!.filter((row) => row.id === id).map(found)]]),
    {
      async rows(name, fields, values, limit) {
        reads.push(name);
        const wanted = new Set(values.map((tuple) => JSON.stringify(tuple)));
        const all = data[name]!.filter((row) => wanted.has(JSON.stringify(fields.map((field) => row[fieldKey(field)] ?? null))));
        return all.slice(0, limit).map(found);
      },
    },
    { references, children: more.children && new Set(more.children), limit: more.limit ?? 100 },
  );
  return { closure, reads };
}

const told = ({ rows }: Closure) => Object.fromEntries([...rows].map(([table, places]) => [table, [...places].sort()]));

const shop: Rows = {
  users: [{ id: 'u1' }, { id: 'u2' }, { id: 'u3' }],
  projects: [{ id: 'p1', owner: 'u1' }, { id: 'p2', owner: 'u2' }, { id: 'p3', owner: 'u3' }],
  jobs: [
    { id: 'j1', project: 'p1', user: 'u1' },
    { id: 'j2', project: 'p2', user: 'u1' },
    { id: 'j3', project: 'p1', user: 'u2' },
    { id: 'j4', project: 'p2', user: 'u2' },
  ],
}; // biome-ignore format: a row a line
const shopReferences = [ref('projects', 'owner', 'users'), ref('jobs', 'project', 'projects'), ref('jobs', 'user', 'users')];

test('what a row refers to comes along, what refers to it too, and through a shared parent nothing else', async () => {
  const { closure } = await close(shop, shopReferences, 'users:u1');
  expect(told(closure)).toEqual({ users: ['u1', 'u2'], projects: ['p1', 'p2'], jobs: ['j1', 'j2', 'j3'] });
  expect([...closure.own].map(([table, rows]) => [table, rows.map(({ place }) => place).sort()])).toEqual([
    ['users', ['u1']],
    ['projects', ['p1']],
    ['jobs', ['j1', 'j2', 'j3']],
  ]);
  expect(closure.cuts).toEqual([]);
});

test('children are chosen by table', async () => {
  expect(told((await close(shop, shopReferences, 'users:u1', { children: ['projects'] })).closure)).toEqual({
    users: ['u1'],
    projects: ['p1'],
  });
  expect(told((await close(shop, shopReferences, 'jobs:j2', { children: [] })).closure)).toEqual({
    jobs: ['j2'],
    projects: ['p2'],
    users: ['u1', 'u2'],
  });
});

test('a limit cuts children, never parents, and is told of', async () => {
  const { closure } = await close(shop, shopReferences, 'users:u1', { limit: 1 });
  expect(closure.rows.get('jobs')).toHaveLength(1);
  expect(closure.cuts).toEqual([
    expect.stringContaining('jobs: only 1 rows were taken because they refer to others; more refer to rows of users'),
    expect.stringContaining('more refer to rows of projects'),
  ]);
  const exactly = await close(shop, shopReferences, 'users:u1', { limit: 3 });
  expect(exactly.closure.rows.get('jobs')).toHaveLength(3);
  expect(exactly.closure.cuts).toEqual([]);
});

test('circles and references to itself end, and each value is followed once', async () => {
  const people: Rows = {
    people: [
      { id: 'boss', chief: 'boss', home: 'h1' },
      { id: 'a', chief: 'boss', home: 'h1' },
      { id: 'b', chief: 'a', home: 'h2' },
      { id: 'other', chief: 'boss', home: null },
    ],
    homes: [{ id: 'h1', keeper: 'b' }, { id: 'h2', keeper: 'a' }],
  }; // biome-ignore format: a row a line
  const references = [ref('people', 'chief', 'people'), ref('people', 'home', 'homes'), ref('homes', 'keeper', 'people')];
  const { closure, reads } = await close(people, references, 'people:b');
  // "b" keeps h1, in which "a" and the boss live.
  expect(told(closure)).toEqual({ people: ['a', 'b', 'boss', 'other'], homes: ['h1', 'h2'] });
  expect(reads.length).toBeLessThan(20);
  const up = await close(people, references, 'people:b', { children: [] });
  expect(told(up.closure)).toEqual({ people: ['a', 'b', 'boss'], homes: ['h1', 'h2'] });
});

test('keys of several columns are followed as one, and one with a null refers to nothing', async () => {
  const data: Rows = {
    lines: [
      { id: 'l1', country: 'de', number: '1' },
      { id: 'l2', country: 'de', number: null },
    ],
    orders: [
      { id: 'o1', country: 'de', number: '1' },
      { id: 'o2', country: 'fr', number: '1' },
      { id: 'o3', country: 'de', number: '2' },
    ],
  };
  const pair = [plainField('country'), plainField('number')];
  const references = [{ name: 'fk', from: 'lines', fields: pair, to: 'orders', targets: pair }];
  expect(told((await close(data, references, 'lines:l1')).closure)).toEqual({ lines: ['l1'], orders: ['o1'] });
  expect(told((await close(data, references, 'lines:l2')).closure)).toEqual({ lines: ['l2'] });
  expect(told((await close(data, references, 'orders:o1')).closure)).toEqual({ orders: ['o1'], lines: ['l1'] });
});

const table = (name: string, columns: readonly string[], key = ['id'], schema = 'public'): [string, Table] => [
  `${schema}.${name}`,
  {
    schema,
    name,
    key,
    columns: columns.map((column) => ({ name: column, type: column === 'id' || column.endsWith('_id') ? 'uuid' : 'jsonb' })),
  },
];

test('declared references name columns or places in JSON, dots and all', () => {
  const tables = new Map([table('notes', ['id', 'meta', 'a.b']), table('customers', ['id'], ['id'], 'crm'), table('odd.name', ['id'])]);
  expect(
    declaredReferences(
      [
        { from: 'notes.meta.customer.id', to: 'crm.customers.id', place: 'r:1' },
        { from: 'notes.a.b', to: 'odd.name.id', place: 'r:2' },
      ],
      tables,
    ),
  ).toEqual([
    { name: 'r:1', from: 'public.notes', fields: [{ column: 'meta', path: ['customer', 'id'] }], to: 'crm.customers', targets: [plainField('id')] },
    { name: 'r:2', from: 'public.notes', fields: [plainField('a.b')], to: 'public.odd.name', targets: [plainField('id')] },
  ]); // biome-ignore format: a reference a line
  expect(() => declaredReferences([{ from: 'notes.gone', to: 'customers.id', place: 'r:3' }], tables)).toThrow(
    /r:3: there is no column notes\.gone\nr:3: there is no column customers\.id/,
  );
});

test('a column named for a table refers to it, when exactly one table fits', () => {
  const tables = new Map([
    table('users', ['id', 'company_id', 'user_id']),
    table('companies', ['id']),
    table('compilation_jobs', ['id', 'user_id']),
    table('metrics', ['id', 'job_id', 'gone_id']),
    table('old_companies', ['id'], ['id'], 'archive'),
  ]);
  const known = [ref('public.compilation_jobs', 'user_id', 'public.users')];
  expect(guessedReferences(tables, known).map(({ name, to }) => `${name} → ${to}`)).toEqual([
    'public.users.company_id → public.companies',
    'public.users.user_id → public.users',
    'public.metrics.job_id → public.compilation_jobs',
  ]);
});

test('tables are loaded after what they refer to, circles as they come', () => {
  expect(loadOrder(['users', 'jobs', 'projects'], shopReferences)).toEqual(['users', 'projects', 'jobs']);
  const circle = [ref('a', 'x', 'b'), ref('b', 'x', 'a'), ref('c', 'x', 'a'), ref('a', 'self', 'a')];
  expect(loadOrder(['c', 'b', 'a'], circle)).toEqual(['b', 'a', 'c']);
  const chain = Array.from({ length: 20_000 }, (_, at) => ref(`t${at}`, 'x', `t${at + 1}`));
  expect(loadOrder(Array.from({ length: 20_001 }, (_, at) => `t${at}`), chain)[0]).toBe('t20000'); // biome-ignore format: one line
});
