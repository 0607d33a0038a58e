/** Physical backups of PostgreSQL, and going back to any second between them. `backup` is the portable, logical kind of every store. */
import { type Command, Option } from 'commander';
import type { GlobalOptions } from './main.ts';

export function addPostgresCommands(
  command: (words: string, description: string) => Command,
  globals: (self: Command) => GlobalOptions,
): void {
  const postgres = command('postgres', 'backups of PostgreSQL from which any second can be restored');
  const sub = (words: string, description: string) =>
    postgres.command(words).description(description).option('--service <name>', 'which one, where the stack has several');
  const acts = () => import('./commands/postgres.ts');

  sub('backup', 'keep what has changed since the last backup; all of it the first time')
    .addOption(new Option('--full', 'all of it').conflicts('incremental'))
    .option('--incremental', 'only what has changed, or nothing')
    .action(async (options, self) => (await acts()).backup(options, globals(self)));
  sub('timeline', 'the backups there are, and the moments they lead back to').action(async (options, self) =>
    (await acts()).timeline(options, globals(self)),
  );
  sub('mark <name>', 'give this moment a name to go back to').action(async (name: string, options, self) =>
    (await acts()).mark(name, options, globals(self)),
  );
  sub('collect', 'keep the changes until now; an open window does it every minute').action(async (options, self) =>
    (await acts()).collect(options, globals(self)),
  );
  sub('restore', 'go back; the data of now are kept as a snapshot')
    .option('--time <time>', 'to a second: 10m or 2h ago, or a time such as 2026-01-31T12:00:00Z')
    .option('--name <name>', 'to a moment that was marked')
    .option('--xid <number>', 'to right after a transaction (pg_current_xact_id())')
    .option('--latest', 'to the newest moment that is kept')
    .option('--branch [stack]', 'as a second stack beside this one, which stays as it is')
    .action(async (options, self) => (await acts()).restore(options, globals(self)));
  sub('verify <id>', 'check a backup and those that it builds on, file by file').action(async (id: string, options, self) =>
    (await acts()).verify(id, options, globals(self)),
  );
  sub('delete [id]', 'delete a backup with all that build on it')
    .option('--all', 'all backups and WAL; the server keeps none any more')
    .action(async (id: string | undefined, options, self) => (await acts()).remove(id, options, globals(self)));
}
