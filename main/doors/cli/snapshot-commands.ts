/** Snapshots of the whole stack. */
import type { Command } from 'commander';
import type { GlobalOptions } from './main.ts';

export function addSnapshotCommands(
  command: (words: string, description: string) => Command,
  globals: (self: Command) => GlobalOptions,
): void {
  const snapshot = command('snapshot', 'the data of the whole stack at one moment, kept on this machine');
  snapshot
    .command('create')
    .description('keep the data as they are now; applications stay connected')
    .option('--name <name>', 'a name to find it by')
    .option('--note <text>', 'what it is for')
    .option('--hot', 'keep a second, ready copy: a restore then takes no longer than its servers')
    .action(async (options, self) => (await import('./commands/snapshot.ts')).create(options, globals(self)));
  snapshot
    .command('list')
    .description('the snapshots there are')
    .action(async (_options, self) => (await import('./commands/snapshot.ts')).list(globals(self)));
  snapshot
    .command('show <id>')
    .description('what one holds')
    .action(async (id: string, _options, self) => (await import('./commands/snapshot.ts')).show(id, globals(self)));
  snapshot
    .command('restore <id>')
    .description('take the stack back to it; the data of now are kept as a snapshot')
    .option('--rehearse', 'start its servers on a copy beside the stack first, even if they have opened it before')
    .option('--no-rehearse', 'do not, even if they never have: they are checked after the swap only')
    .action(async (id: string, options, self) => (await import('./commands/snapshot.ts')).restore(id, options, globals(self)));
  snapshot
    .command('hot <id> <on|off>')
    .description('keep a second, ready copy of it, or no more')
    .action(async (id: string, state: string, _options, self) => (await import('./commands/snapshot.ts')).hot(id, state, globals(self)));
  snapshot
    .command('renew')
    .description('make ready copies anew that were used up (a restore begins this by itself)')
    .action(async (_options, self) => (await import('./commands/snapshot.ts')).renew(globals(self)));
  snapshot
    .command('branch <id> [name]')
    .description('open it as a second stack beside this one, with ports of its own')
    .action(async (id: string, name: string | undefined, _options, self) =>
      (await import('./commands/snapshot.ts')).branch(id, name, globals(self)),
    );
  snapshot
    .command('diff <a> [b]')
    .description('what changed between two, or between one and now')
    .option('--counts', 'only what the manifests say: at once')
    .option('--service <name...>', 'only these services')
    .action(async (a: string, b: string | undefined, options, self) =>
      (await import('./commands/snapshot-diff.ts')).diff(a, b, options, globals(self)),
    );
  snapshot
    .command('delete <id>')
    .description('delete one')
    .action(async (id: string, _options, self) => (await import('./commands/snapshot.ts')).remove(id, globals(self)));
  snapshot
    .command('keep')
    .description('which snapshots go by themselves when a new one is taken; without options: what is set')
    .option('--count <n>', 'the newest n stay')
    .option('--days <n>', 'each stays n days')
    .option('--size <size>', 'the newest stay that have this size together, such as 20GiB')
    .option('--named', 'also those that have a name')
    .option('--all', 'all stay')
    .action(async (options, self) => (await import('./commands/snapshot-keep.ts')).keep(options, globals(self)));
  snapshot
    .command('verify <id>')
    .description('compare every file with what was written down')
    .option('--rehearse', 'start its servers on a copy beside the stack, too')
    .action(async (id: string, options, self) => (await import('./commands/snapshot.ts')).verify(id, options, globals(self)));
}
