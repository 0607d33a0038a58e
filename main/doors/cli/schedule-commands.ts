/** What a stack does by itself while an app shows it. */
import { type Command, Option } from 'commander';
import type { GlobalOptions } from './main.ts';

export function addScheduleCommands(
  command: (words: string, description: string) => Command,
  globals: (self: Command) => GlobalOptions,
): void {
  const schedule = command('schedule', 'snapshots and backups at their times, while the app is open');
  const acts = () => import('./commands/schedule.ts');
  schedule
    .command('list')
    .description('the jobs there are, when they run next, and how they went')
    .action(async (_options, self) => (await acts()).list(globals(self)));
  schedule
    .command('set <name>')
    .description('make a job, or change it')
    .requiredOption('--act <what>', 'snapshot, dump, check-dump, base, base-full or check-base')
    .requiredOption('--cron <expression>', 'when: minute, hour, day, month, day of the week')
    .option('--zone <zone>', "by which clock (default: this machine's)")
    .option('--quiet <from-to>', 'begin nothing in these hours, such as 22:00-07:00')
    .option('--keep-days <days>', 'delete what is older, but never the last good one', '30')
    .addOption(
      new Option('--recipient <age1…>', 'encrypt its dumps to this public key of age (may be given several times)')
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([]),
    )
    .action(async (name: string, options, self) => (await acts()).set(name, options, globals(self)));
  schedule
    .command('remove <name>')
    .description('forget a job; what it has made stays')
    .action(async (name: string, _options, self) => (await acts()).remove(name, globals(self)));
  schedule
    .command('run [name]')
    .description('run a job now; without a name all that are due, for a machine without the app')
    .action(async (name: string | undefined, _options, self) => (await acts()).run(name, globals(self)));
}
