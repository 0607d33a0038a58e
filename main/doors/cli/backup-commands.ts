/** Backups: what the stores hold, in one file. */
import type { Command } from 'commander';
import type { GlobalOptions } from './main.ts';

export function addBackupCommands(
  command: (words: string, description: string) => Command,
  globals: (self: Command) => GlobalOptions,
): void {
  const backup = command('backup', 'what the stores hold in one file, for this stack or another');
  const several = (value: string, before: readonly string[]) => [...before, value];
  const acts = () => import('./commands/backup.ts');
  backup
    .command('create')
    .description('back up all servers that run, or those named')
    .option('--service <name>', 'only this one (may be given several times)', several, [])
    .option('--name <name>', 'a name to find it by')
    .option('--note <text>', 'what it is for')
    .option('--to <path>', "a file (*.noodle) or a folder (default: the stack's own)")
    .option('--encrypt', 'with a passphrase: NOODLEBOX_PASSPHRASE, or asked for', false)
    .option('--recipient <age1…>', 'encrypted to this public key of age (may be given several times)', several, [])
    .action(async (options, self) => (await acts()).create(options, globals(self)));
  backup
    .command('list')
    .description('the backups there are')
    .action(async (_options, self) => (await acts()).list(globals(self)));
  backup
    .command('show <id>')
    .description('what one holds, and how checks of it ended')
    .action(async (id: string, _options, self) => (await acts()).show(id, globals(self)));
  backup
    .command('restore <id>')
    .description('put it in place of what the stores hold; those are kept as a snapshot')
    .option('--service <name>', 'only this one (may be given several times)', several, [])
    .option('--no-snapshot', 'take no snapshot of the data first')
    .option('--identity <file>', 'your key of age, for one that is encrypted to you (may be given several times)', several, [])
    .action(async (id: string, options, self) => (await acts()).restore(id, options, globals(self)));
  backup
    .command('verify <id>')
    .description('read all of it and compare it with its hashes')
    .option('--restore', 'and restore it into a stack of its own, and compare that', false)
    .option('--sealed', 'instead compare the file with what was written, for one whose key is not here', false)
    .option('--identity <file>', 'your key of age, for one that is encrypted to you (may be given several times)', several, [])
    .action(async (id: string, options, self) => (await acts()).verify(id, options, globals(self)));
  backup
    .command('delete <id>')
    .description('delete one')
    .action(async (id: string, _options, self) => (await acts()).remove(id, globals(self)));
}
