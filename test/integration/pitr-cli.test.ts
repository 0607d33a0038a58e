/** `noodlebox postgres` and `noodlebox schedule` as scripts call them. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openPostgres } from '../../main/services/postgres/client.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { noodlebox as run } from '../support/cli.ts';

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

const noodlebox = (...args: string[]) => run([...args, '--stack', bed.name, '--runtime', 'native'], bed.env);

it('backs up, tells what there is, and goes back, with events a line and a result at the end', async () => {
  const full = await noodlebox('postgres', 'backup', '--json');
  expect(full).toMatchObject({ code: 0, result: { type: 'result', ok: true, backup: { kind: 'full', cause: 'asked' } } });
  const { id } = full.result!.backup as { readonly id: string };
  expect(full.lines.map(({ type, id: of, state }) => `${type} ${of} ${state}`)).toContain('operation backup postgres done');
  expect(await noodlebox('postgres', 'mark', 'here', '--json')).toMatchObject({ code: 0, result: { ok: true, point: { name: 'here' } } });
  await sql('create table later (id int)');

  // Nobody is there to be asked.
  expect(await noodlebox('postgres', 'restore', '--name', 'here', '--json')).toMatchObject({
    code: 2,
    result: { problem: { code: 'confirmation-needed' } },
  });
  const restored = await noodlebox('postgres', 'restore', '--name', 'here', '--yes', '--json');
  expect(restored).toMatchObject({ code: 0, result: { ok: true, kept: expect.any(String) } });
  expect(await sql(`select to_regclass('later')::text as later`)).toEqual([{ later: null }]);

  const timeline = await noodlebox('postgres', 'timeline');
  expect(timeline.code).toBe(0);
  expect(timeline.stdout).toContain('What can be gone back to:');
  expect(timeline.stdout).toContain(id);
  expect((await noodlebox('postgres', 'verify', id)).code).toBe(0);
  expect((await noodlebox('postgres', 'delete', id, '--yes')).code).toBe(0);
  expect((await noodlebox('postgres', 'timeline', '--json')).result).toMatchObject({ backups: [{ id: expect.not.stringContaining(id) }] });
});

it('says what was wrong with a call', async () => {
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
  for (const args of wrong) expect(await noodlebox(...args, '--json'), args.join(' ')).toMatchObject({ code: 2, result: { ok: false } });
  expect(await noodlebox('postgres', 'verify', 'nothing', '--json')).toMatchObject({ code: 1, result: { problem: { code: 'not-found' } } });
});

it('a schedule is set, listed, run and removed', async () => {
  // Half an hour from now, so that no time of it comes in between.
  const minute = (new Date().getUTCMinutes() + 30) % 60;
  const set = await noodlebox(
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
    code: 0,
    result: { entry: { job: { name: 'hourly', keepDays: 30, quiet: { from: '22:00', to: '07:00' } }, late: false } },
  });
  expect(await noodlebox('schedule', 'run', '--json')).toMatchObject({ code: 0, result: { results: [] } });
  expect(await noodlebox('schedule', 'run', 'hourly', '--json')).toMatchObject({ code: 0, result: { results: [{ outcome: 'done' }] } });
  expect((await noodlebox('schedule', 'list')).stdout).toMatch(
    new RegExp(`hourly +base +${minute} \\* \\* \\* \\* \\(Europe/Berlin, not 22:00-07:00\\).*done`),
  );
  expect((await noodlebox('schedule', 'remove', 'hourly')).code).toBe(0);
  expect(await noodlebox('schedule', 'run', 'hourly', '--json')).toMatchObject({ code: 1, result: { problem: { code: 'not-found' } } });
});
