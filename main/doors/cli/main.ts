/** The command line. Each command loads what it needs when it runs, so that every call starts quickly. */
import { Command, CommanderError, Option } from 'commander';
import { NoodleError } from '../../errors.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addBundleCommands } from './bundle-commands.ts';
import { addPanelCommands } from './panel-commands.ts';
import { addPostgresCommands } from './postgres-commands.ts';
import { addScheduleCommands } from './schedule-commands.ts';
import { addSnapshotCommands } from './snapshot-commands.ts';
import { version } from './version.ts';

/** What every command is told. */
export interface GlobalOptions {
  readonly stack: string;
  readonly runtime: 'auto' | 'docker' | 'native';
  readonly file?: string;
  readonly json: boolean;
  readonly yes: boolean;
}

const asJson = process.argv.includes('--json');

const program = new Command('noodlebox')
  .description("A team's local data stack: started, filled, seen into and taken back.")
  .version(version, '--version')
  .option('--stack <name>', 'which stack (default: the one last used, at first "noodlebox")')
  .addOption(new Option('--runtime <runtime>', 'where servers run').choices(['auto', 'docker', 'native']).default('auto'))
  .option('--file <compose.yaml>', "a compose file of your own (default: Noodlebox's)")
  .option('--json', 'print objects, one a line', false)
  .option('--yes', 'do not ask before something is deleted', false)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(noodlebox --help tells how it is used)')
  .configureOutput(asJson ? { writeErr: () => {} } : {})
  .exitOverride();

/** Global options stand before the command's name or after it. */
function command(words: string, description: string): Command {
  return program.command(words).description(description).allowExcessArguments(false);
}

command('up [service...]', 'start what is not running and fill what is empty')
  .option('--dry-run', 'print the plan and do nothing')
  .option('--no-seed', 'neither schema nor data')
  .option('--no-install', 'do not install missing servers (native runtime)')
  .action(async (services: string[], options, self) => (await import('./commands/up.ts')).up(services, options, globals(self)));
command('down', 'stop and remove the services; the data stay')
  .option('--volumes', 'delete the data too')
  .option('--no-snapshot', 'with --volumes: take no snapshot of the data first')
  .action(async (options, self) => (await import('./commands/down.ts')).down(options, globals(self)));
command('stop [service...]', 'stop services and leave them there').action(async (services: string[], _options, self) =>
  (await import('./commands/restart.ts')).stop(services, globals(self)),
);
command('restart [service...]', 'stop services and start them again').action(async (services: string[], _options, self) =>
  (await import('./commands/restart.ts')).restart(services, globals(self)),
);
command('status', 'what runs, where, and how it is').action(async (_options, self) =>
  (await import('./commands/status.ts')).status(globals(self)),
);
command('logs [service...]', 'lines of all services, merged by time')
  .option('-f, --follow', 'wait for new lines', false)
  .option('--since <time>', 'from then on: 10m, 2h, 3d or an ISO time')
  .option('--tail <lines>', 'only the last lines of each service')
  .action(async (services: string[], options, self) => (await import('./commands/logs.ts')).logs(services, options, globals(self)));
command('seed', 'load generated data anew, the same in every store')
  .option('--scale <n>', '1 is about 5,000 jobs', '1')
  .option('--seed <n>', 'another number makes other data', '1')
  .action(async (options, self) => (await import('./commands/seed.ts')).seed(options, globals(self)));
command('reset', 'delete all data and fill the stack anew')
  .option('--no-snapshot', 'take no snapshot of the data first')
  .action(async (options, self) => (await import('./commands/seed.ts')).reset(options, globals(self)));
command('env', 'connection strings for an application')
  .addOption(new Option('--format <format>', 'how they are written').choices(['dotenv', 'json', 'shell']).default('dotenv'))
  .option('--init', 'write the .env beside the compose file, for plain docker compose')
  .action(async (options, self) => (await import('./commands/env.ts')).env(options, globals(self)));
const stacks = command('stacks', 'the stacks there are').action(async (_options, self) =>
  (await import('./commands/stacks.ts')).stacks(globals(self)),
);
stacks
  .command('forget <name>')
  .description('one that nothing is left of: no services, data, snapshots or backups')
  .action(async (name: string, _options, self) => (await import('./commands/stacks.ts')).forget(name, globals(self)));
const servers = command('servers', 'the servers that run without a container engine');
servers
  .command('list')
  .description('what would run, and what is missing')
  .action(async (_options, self) => (await import('./commands/servers.ts')).list(globals(self)));
servers
  .command('install [name...]')
  .description('install those that are missing')
  .action(async (names: string[], _options, self) => (await import('./commands/servers.ts')).install(names, globals(self)));
command('doctor', 'what this machine lacks, and the command that mends it').action(async (_options, self) =>
  (await import('./commands/doctor.ts')).doctor(globals(self)),
);
command('open', 'the window')
  .option('--web', 'in a browser, even where Electron could open it', false)
  .option('--port <port>', 'the port of the web page (default: any free one)')
  .action(async (options, self) => (await import('./commands/open.ts')).open(options, globals(self)));
addPanelCommands(command, globals);
addSnapshotCommands(command, globals);
addPostgresCommands(command, globals);
addScheduleCommands(command, globals);
addBackupCommands(command, globals);
addBundleCommands(command, globals);
program
  .command('start', { hidden: true })
  .description('the window, with the stack being brought up behind it (npm start)')
  .option('--web', 'in a browser', false)
  .option('--port <port>', 'the port of the web page')
  .option('--no-install', 'do not install missing servers')
  .action(async (options, self) => (await import('./commands/open.ts')).start(options, globals(self)));

function globals(self: Command): GlobalOptions {
  return self.optsWithGlobals<GlobalOptions>();
}

/** Runs the command that the process was called with; the exit code says how it went. */
export async function runCli(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    const { fail } = await import('./errors.ts');
    if (!(error instanceof CommanderError)) fail(error, asJson);
    else if (error.exitCode === 0) process.exitCode = 0;
    else if (asJson) fail(wrongUsage(error), asJson);
    else process.exitCode = 2;
  }
}

/** What commander has said already to a person, as the object that `--json` ends with. */
function wrongUsage({ message }: CommanderError): NoodleError {
  const what = message.replace(/^error: /, '');
  return new NoodleError({ code: 'bad-argument', what, command: 'noodlebox --help' });
}
