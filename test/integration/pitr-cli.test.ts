/** `noodlebox postgres` and `noodlebox schedule` as scripts call them. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openPostgres } from '../../main/services/postgres/client.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

const script = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
let lacks: string | undefined;
let bed: StackBed;

beforeAll(async () => {
  lacks = await lacking('native', ['postgres']);
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
});
beforeEach(({ skip }) => {
  if (lacks) skip(lacks);
});
afterAll(async () => {
  if (lacks) return;
  await bed.stack.pitr().clear(quietRun());
  await bed.clear();
});

async function sql(text: string): Promise<readonly unknown[]> {
  const client = await openPostgres(await bed.stack.connection('postgres'));
  try {
    return await client.query(text);
  } finally {
    await client.close();
  }
}

function noodlebox(...args: string[]) {
  const all = [script, ...args, '--stack', bed.name, '--runtime', 'native'];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { env: { ...bed.env, NO_COLOR: '1' }, encoding: 'utf8' });
  const events = args.includes('--json')
    ? stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  return { status, stdout, stderr, result: events.at(-1), events };
}

it('backs up, tells what there is, and goes back, with events a line and a result at the end', async () => {
  const full = noodlebox('postgres', 'backup', '--json');
  expect(full).toMatchObject({ status: 0, result: { type: 'result', ok: true, backup: { kind: 'full', cause: 'asked' } } });
  expect(full.events.map(({ type, id, state }) => `${type} ${id} ${state}`)).toContain('operation backup postgres done');
  expect(noodlebox('postgres', 'mark', 'here', '--json')).toMatchObject({ status: 0, result: { ok: true, point: { name: 'here' } } });
  await sql('create table later (id int)');

  // Nobody is there to be asked.
  expect(noodlebox('postgres', 'restore', '--name', 'here', '--json')).toMatchObject({
    status: 2,
    result: { problem: { code: 'confirmation-needed' } },
  });
  const restored = noodlebox('postgres', 'restore', '--name', 'here', '--yes', '--json');
  expect(restored).toMatchObject({ status: 0, result: { ok: true, kept: expect.any(String) } });
  expect(await sql(`select to_regclass('later')::text as later`)).toEqual([{ later: null }]);

  const timeline = noodlebox('postgres', 'timeline');
  expect(timeline.status).toBe(0);
  expect(timeline.stdout).toContain('What can be gone back to:');
  expect(timeline.stdout).toContain(full.result.backup.id);
  expect(noodlebox('postgres', 'verify', full.result.backup.id).status).toBe(0);
  expect(noodlebox('postgres', 'delete', full.result.backup.id, '--yes').status).toBe(0);
  expect(noodlebox('postgres', 'timeline', '--json').result.backups).toHaveLength(1);
});

it('says what was wrong with a call', () => {
  const wrong = [
    ['postgres', 'restore'],
    ['postgres', 'restore', '--latest', '--time', '1h'],
    ['postgres', 'restore', '--time', 'tomorrow-ish'],
    ['postgres', 'restore', '--xid', '7; drop table'],
    ['postgres', 'backup', '--full', '--incremental'],
    ['postgres', 'delete'],
    ['schedule', 'set', 'bad', '--act', 'base', '--cron', '61 * * * *'],
    ['schedule', 'set', 'bad', '--act', 'nothing', '--cron', '0 * * * *'],
    ['schedule', 'set', '../evil', '--act', 'base', '--cron', '0 * * * *'],
    ['schedule', 'set', 'bad', '--act', 'base', '--cron', '0 * * * *', '--quiet', '25:00-07:00'],
    ['schedule', 'set', 'bad', '--act', 'base', '--cron', '0 * * * *', '--zone', 'Mars/Base'],
    ['schedule', 'set', 'bad', '--act', 'base', '--cron', '0 * * * *', '--keep-days', 'ever'],
  ];
  for (const args of wrong) expect(noodlebox(...args, '--json'), args.join(' ')).toMatchObject({ status: 2, result: { ok: false } });
  expect(noodlebox('postgres', 'verify', 'nothing', '--json')).toMatchObject({ status: 1, result: { problem: { code: 'not-found' } } });
});

it('a schedule is set, listed, run and removed', () => {
  // Half an hour from now, so that no time of it comes in between.
  const minute = (new Date().getUTCMinutes() + 30) % 60;
  const set = noodlebox(
    'schedule',
    'set',
    'hourly',
    '--act',
    'base',
    '--cron',
    `${minute} * * * *`,
    '--quiet',
    '22:00-07:00',
    '--zone',
    'Europe/Berlin',
    '--json',
  );
  expect(set).toMatchObject({
    status: 0,
    result: { entry: { job: { name: 'hourly', keepDays: 30, quiet: { from: '22:00', to: '07:00' } }, late: false } },
  });
  expect(noodlebox('schedule', 'run', '--json')).toMatchObject({ status: 0, result: { results: [] } });
  expect(noodlebox('schedule', 'run', 'hourly', '--json')).toMatchObject({ status: 0, result: { results: [{ outcome: 'done' }] } });
  expect(noodlebox('schedule', 'list').stdout).toMatch(
    new RegExp(`hourly +base +${minute} \\* \\* \\* \\* \\(Europe/Berlin, not 22:00-07:00\\).*done`),
  );
  expect(noodlebox('schedule', 'remove', 'hourly').status).toBe(0);
  expect(noodlebox('schedule', 'run', 'hourly', '--json')).toMatchObject({ status: 1, result: { problem: { code: 'not-found' } } });
});
