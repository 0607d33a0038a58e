import { describe, expect, it } from 'vitest';
import { parsePlan } from './parse-plan.ts';
import { misjudgedWords } from './plan.ts';

const text = ` Limit  (cost=10.00..20.50 rows=10 width=8) (actual time=0.100..12.000 rows=10 loops=1)
   Buffers: shared hit=30 read=5, temp read=1 written=2
   InitPlan 1 (returns $0)
     ->  Result  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.002 rows=1 loops=1)
   ->  Nested Loop Left Join  (cost=0.00..18.00 rows=100 width=8) (actual time=0.050..11.000 rows=1000 loops=1)
         Join Filter: (a.id = b.id)
         Rows Removed by Join Filter: 7
         Buffers: shared hit=30 read=5
         ->  Seq Scan on public.a  (cost=0.00..5.00 rows=100 width=4) (actual time=0.010..3.000 rows=100 loops=1)
               Filter: (n > 5)
               Buffers: shared hit=10 read=5
         ->  Index Only Scan using b_pkey on b x  (cost=0.00..1.00 rows=1 width=4) (actual time=0.020..0.040 rows=10 loops=100)
               Index Cond: (id = a.id)
               Buffers: shared hit=20
         ->  Seq Scan on never  (cost=0.00..1.00 rows=1 width=4) (never executed)
 Planning Time: 0.300 ms
 Execution Time: 12.500 ms`;

const shape = (pasted: string) => parsePlan(pasted).nodes.map(({ depth, type, target, role }) => [depth, type, target, role]);
const expected = [
  [0, 'Limit', '', null],
  [1, 'Result', '', 'InitPlan 1 (returns $0)'],
  [1, 'Nested Loop Left Join', '', null],
  [2, 'Seq Scan', 'public.a', null],
  [2, 'Index Only Scan', 'b_pkey on b x', null],
  [2, 'Seq Scan', 'never', null],
];

describe('a plan as text', () => {
  it('is read as a tree with times, rows and blocks', () => {
    const plan = parsePlan(text);
    expect(shape(text)).toEqual(expected);
    expect([plan.planning, plan.execution, plan.measured]).toEqual([0.3, 12.5, true]);
    const [limit, , loop, scan, index, never] = plan.nodes;
    expect(limit).toMatchObject({ inclusive: 12, buffers: { hit: 30, read: 5, temp: 3 } });
    expect(loop).toMatchObject({
      inclusive: 11,
      own: 4,
      ownBuffers: { hit: 0, read: 0 },
      details: [
        ['Join Filter', '(a.id = b.id)'],
        ['Rows Removed by Join Filter', '7'],
      ],
    });
    expect(loop!.misjudged).toBe(10);
    expect(scan).toMatchObject({ own: 3, ownBuffers: { hit: 10, read: 5 }, details: [['Filter', '(n > 5)']] });
    expect(index).toMatchObject({ inclusive: 4, loops: 100, misjudged: 10 });
    expect(never).toMatchObject({ never: true, misjudged: null });
  });

  it('is found in what tools put around it', () => {
    const lines = text.split('\n');
    const boxed = ['┌───────┐', '│ QUERY PLAN │', '├───────┤', ...lines.map((line) => `│${line}   │`), '└───────┘', '(17 rows)'];
    expect(shape(boxed.join('\n'))).toEqual(expected);
    expect(shape(['QUERY PLAN', ...lines].map((line) => `"${line}"`).join('\r\n'))).toEqual(expected);
    expect(shape([' QUERY PLAN ', '-------------', ...lines, '(17 rows)', ''].join('\n'))).toEqual(expected);
  });

  it('needs no costs, and no measurement', () => {
    expect(shape('Aggregate (actual time=1.0..2.0 rows=1 loops=1)\n  ->  Seq Scan on t (actual time=0.1..1.5 rows=9 loops=1)')).toEqual([
      [0, 'Aggregate', '', null],
      [1, 'Seq Scan', 't', null],
    ]);
    const planned = parsePlan('Sort  (cost=30.00..40.00 rows=9 width=4)\n  ->  Seq Scan on t  (cost=0.00..10.00 rows=9 width=4)');
    expect(planned).toMatchObject({ measured: false, total: 40 });
    expect(planned.nodes.map(({ share }) => share)).toEqual([0.75, 0.25]);
  });

  it('is told from other texts', () => {
    for (const other of ['', 'select 1', '[]', '{"a":1}', 'no (cost=x)']) expect(() => parsePlan(other)).toThrow();
  });
});

describe('a plan as JSON', () => {
  const json = [
    {
      Plan: {
        'Node Type': 'Gather', 'Workers Launched': 2, 'Total Cost': 100, 'Plan Rows': 10, 'Actual Rows': 10, 'Actual Loops': 1, 'Actual Total Time': 30,
        'Shared Hit Blocks': 9, 'Shared Read Blocks': 1,
        Plans: [
          {
            'Node Type': 'Aggregate', Strategy: 'Hashed', 'Partial Mode': 'Partial', 'Total Cost': 90, 'Plan Rows': 4, 'Actual Rows': 3, 'Actual Loops': 3, 'Actual Total Time': 25, 'Group Key': ['a', 'b'],
            Plans: [{ 'Node Type': 'Hash Join', 'Join Type': 'Left', 'Total Cost': 80, 'Plan Rows': 1, 'Actual Rows': 0, 'Actual Loops': 0, Alias: 'x', 'Relation Name': 't', 'Index Name': 'i' }],
          },
        ],
      },
      'Planning Time': 1, 'Execution Time': 31, Settings: { work_mem: '64kB' },
    },
  ]; // biome-ignore format: a plan is read as a plan

  it('is read as the text form names it; workers count once', () => {
    const plan = parsePlan(JSON.stringify(json));
    expect(plan.nodes.map(({ type, target }) => [type, target])).toEqual([
      ['Gather', ''],
      ['Partial HashAggregate', ''],
      ['Hash Left Join', 'i on t x'],
    ]);
    expect(plan.nodes[1]).toMatchObject({ inclusive: 25, details: [['Group Key', 'a, b']] });
    expect(plan.nodes[2]).toMatchObject({ never: true });
    expect(plan).toMatchObject({ planning: 1, execution: 31, details: [['work_mem', '64kB']] });
  });

  it('is found in psql’s frame', () => {
    const lines = JSON.stringify(json, null, 2).split('\n');
    const framed = [
      '     QUERY PLAN',
      '------------',
      ...lines.map((line, at) => (at < lines.length - 1 ? ` ${line}          +` : ` ${line}`)),
      '(1 row)',
    ].join('\n');
    expect(parsePlan(framed).nodes).toHaveLength(3);
  });
});

it('a node below a limit that gave less than expected is not misjudged, what it sorted may be', () => {
  const plan = parsePlan(
    [
      'Limit  (cost=0..1 rows=10 width=4) (actual time=1..2 rows=10 loops=1)',
      '  ->  Sort  (cost=0..1 rows=1000 width=4) (actual time=1..2 rows=10 loops=1)',
      '        ->  Seq Scan on t  (cost=0..1 rows=1000 width=4) (actual time=1..2 rows=100 loops=1)',
    ].join('\n'),
  );
  expect(plan.nodes.map(({ misjudged }) => misjudged)).toEqual([1, null, 0.1]);
});

it('a misjudgement is worth a word from four times on', () => {
  expect([1, 3.9, 0.26, null].map(misjudgedWords)).toEqual([null, null, null, null]);
  expect(misjudgedWords(1234)).toBe('1,234× more rows than expected');
  expect(misjudgedWords(0.1)).toBe('10× fewer rows than expected');
});
