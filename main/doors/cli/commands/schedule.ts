import { type ScheduleEntry, ScheduleJob, type ScheduleResult } from '../../../../preload/contract/schedule.ts';
import { NoodleError } from '../../../errors.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withKnownStack } from '../session.ts';
import { paint, table } from '../text.ts';

export async function list(globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const schedule = await stack.schedule.list();
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, ...schedule })}\n`);
    if (schedule.entries.length === 0) return void process.stdout.write(`${stack.name} has no jobs. "noodlebox schedule set" makes one.\n`);
    const rows = schedule.entries.map(row);
    process.stdout.write(`${table([['JOB', 'WHAT', 'WHEN', 'NEXT', 'KEEPS', 'LAST'], ...rows])}\n`);
    const results = schedule.results.slice(0, shown).map(resultRow);
    if (results.length > 0) process.stdout.write(`\n${table([['RAN', 'JOB', 'HOW', 'MADE'], ...results])}\n`);
  });
}

/** Results that a terminal is told; `--json` tells all. */
const shown = 20;

interface SetOptions {
  readonly act: string;
  readonly cron: string;
  readonly zone?: string;
  readonly quiet?: string;
  readonly keepDays: string;
  readonly recipient?: readonly string[];
}

export async function set(name: string, options: SetOptions, globals: GlobalOptions): Promise<void> {
  const job = jobOf(name, options);
  await withKnownStack(globals, async (stack) => {
    const begun = performance.now();
    const entry = await stack.schedule.set(job);
    const next = entry.next === null ? 'never, by that rule' : `first at ${time(entry.next)}`;
    result(globals, performance.now() - begun, `${name}: ${next}, while the app is open`, { entry });
  });
}

export async function remove(name: string, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const begun = performance.now();
    await stack.schedule.remove(name);
    result(globals, performance.now() - begun, `the job ${name} is forgotten`);
  });
}

export async function run(name: string | undefined, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    let results: readonly ScheduleResult[] = [];
    const ms = await runPrinted(globals.json, signal, async (options) => {
      results = name === undefined ? await stack.schedule.runDue(options) : [await stack.schedule.run(name, options)];
    });
    const failed = results.find(({ outcome }) => outcome === 'failed');
    if (failed?.problem)
      throw new NoodleError({ ...failed.problem, what: `The job ${failed.job} failed. ${failed.problem.what}` } as never);
    const words =
      results.length === 0
        ? 'nothing is due'
        : results.map(({ job, outcome, note }) => `${job}: ${outcome}${note ? `, ${note}` : ''}`).join(', ');
    result(globals, ms, words, { results });
  });
}

/** @throws NoodleError bad-argument */
export function jobOf(name: string, { act, cron, zone, quiet, keepDays, recipient = [] }: SetOptions): ScheduleJob {
  const [from, to] = quiet?.split('-') ?? [];
  const read = ScheduleJob.safeParse({
    name,
    act,
    cron,
    zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    quiet: quiet === undefined ? null : { from, to },
    keepDays: Number(keepDays),
    recipients: recipient,
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new NoodleError({
    code: 'bad-argument',
    what: `That is no job: ${issue?.path.join('.')}: ${issue?.message}.`,
    command: 'noodlebox schedule set --help',
  });
}

function row({ job, next, late, last }: ScheduleEntry): readonly string[] {
  const quiet = job.quiet ? `, not ${job.quiet.from}-${job.quiet.to}` : '';
  return [
    job.name,
    job.recipients.length === 0
      ? job.act
      : `${job.act}, encrypted to ${job.recipients.length} ${job.recipients.length === 1 ? 'key' : 'keys'}`,
    `${job.cron} (${job.zone}${quiet})`,
    next === null ? 'never' : `${time(next)}${late ? paint('yellow', ' late') : ''}`,
    `${job.keepDays} days`,
    last ? `${time(last.endedAt)} ${word(last)}${last.note ? `, ${last.note}` : ''}` : 'not yet',
  ];
}

function resultRow(one: ScheduleResult): readonly string[] {
  return [
    time(one.startedAt),
    one.job,
    `${word(one)}${one.problem ? `: ${one.problem.what}` : one.note ? `, ${one.note}` : ''}`,
    one.made ?? '',
  ];
}

function word({ outcome }: ScheduleResult): string {
  return paint(outcome === 'done' ? 'green' : outcome === 'failed' ? 'red' : 'yellow', outcome);
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
