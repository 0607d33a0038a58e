import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../main/services/postgres/client.ts';
import type { PostgresSession } from '../../main/services/postgres/session.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

/**
 * A chore: the application is slow. Which of its statements takes the time, why, and what helps?
 * Everything is asked as the SQL panel and its CLI twin ask it.
 */
describe('a slow query', async () => {
  const lacks = await lacking('native', ['postgres']);
  const never = new AbortController().signal;
  let bed: StackBed;
  let session: PostgresSession;
  let slow: string;

  /** What the application does all day: one statement of many reads the whole table. */
  const metricsAbove =
    'select id, job_id, metric_value from performance_metrics where metric_value > $1 order by metric_value desc limit 10';

  beforeAll(async () => {
    if (lacks) return;
    bed = await makeStack('native');
    await bed.stack.up(['postgres'], { seed: true, install: false }, quietRun());
    session = await bed.stack.session('postgres', 'postgres');
    const application = await openPostgres(await bed.stack.connection('postgres'));
    await application.query('select pg_stat_statements_reset()');
    for (let turn = 0; turn < 20; turn++) {
      await application.query(metricsAbove, [1e9]);
      await application.query('select id from users order by id limit 1');
    }
    await application.close();
  });
  afterAll(() => bed?.clear());
  const step = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

  step('is the one that pg_stat_statements blames most', async () => {
    const rows = await rowsOf(
      `select query, calls from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database()) and query ilike 'select%' and calls >= :calls
       order by total_exec_time desc limit 1`,
      { calls: { type: 'integer', value: '20' } },
    );
    expect(rows).toHaveLength(1);
    slow = rows[0]![0]!;
    expect(slow).toBe(metricsAbove.replace('limit 10', 'limit $2'));
    expect(Number(rows[0]![1])).toBe(20);
  });

  step('reads every row, as its plan says', async () => {
    const nodes = await planOf(slow);
    expect(nodes).toContainEqual(
      expect.objectContaining({ 'Node Type': expect.stringContaining('Seq Scan'), 'Relation Name': 'performance_metrics' }),
    );
    const scan = nodes.find((node) => node['Relation Name'] === 'performance_metrics')!;
    expect(scan['Rows Removed by Filter']).toBeGreaterThan(10_000);
  });

  step('is served by an index once there is one, and reads almost nothing', async () => {
    await rowsOf('create index idx_performance_metrics_value on performance_metrics (metric_value); analyze performance_metrics');
    const nodes = await planOf(slow);
    expect(nodes).toContainEqual(
      expect.objectContaining({ 'Node Type': expect.stringContaining('Index'), 'Index Name': 'idx_performance_metrics_value' }),
    );
    expect(nodes.some((node) => node['Node Type']?.includes('Seq Scan'))).toBe(false);
    const pages = nodes.reduce((most, node) => Math.max(most, (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0)), 0);
    expect(pages).toBeLessThan(20);
  });

  async function rowsOf(text: string, params = {}): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = [];
    await session.stream(
      { text, params, readOnly: false, timeout: 30_000, transactions: 'auto' },
      {
        columns: () => {},
        rows: async (more) => void rows.push(...more),
        notice: () => {},
        done: () => {},
      },
      never,
    );
    return rows;
  }

  /** The nodes of the plan, run with the values that were slow. */
  async function planOf(statement: string): Promise<PlanNode[]> {
    const text = statement.replace('$1', ':above').replace('$2', ':rows');
    const params = { above: { type: 'double precision', value: '1e9' }, rows: { type: 'bigint', value: '10' } } as const;
    const { plan } = await session.tabs.explain(
      'scenario',
      { text, params, analyze: true, readOnly: false, timeout: 30_000, transactions: 'auto' },
      never,
    );
    const [{ Plan: root }] = JSON.parse(plan) as [{ Plan: PlanNode }];
    return nodesOf(root);
  }
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
