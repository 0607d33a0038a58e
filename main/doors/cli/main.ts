/** The command line. Each command loads what it needs when it runs, so that every call starts quickly. */
import { Command, CommanderError, Option } from 'commander';
import { NoodleError } from '../../errors.ts';
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
command('stacks', 'the stacks there are').action(async (_options, self) => (await import('./commands/stacks.ts')).stacks(globals(self)));
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
command('trace <id>', 'what every store knows of an id: rows, keys, events, documents, points').action(async (id: string, _options, self) =>
  (await import('./commands/trace.ts')).trace(id, globals(self)),
);
command('sql [query]', 'run SQL on PostgreSQL: a query, a file of them, or what comes on standard input')
  .option('--script <file>', 'read the statements from a file ("-": from the standard input)')
  .option('--param <name=value>', 'the value of :name, bound; name:type=value gives its type, name alone is NULL', collected, [])
  .option('--read-only', 'refuse statements that change something', false)
  .option('--timeout <seconds>', 'end a statement that takes longer; 0: never (default: 30)')
  .option('--csv', 'print CSV', false)
  .option('--service <name>', 'which PostgreSQL of the stack')
  .action(async (query: string | undefined, options, self) => (await import('./commands/sql.ts')).sql(query, options, globals(self)));
command('tail <topic>', 'messages of a topic, taken from nobody: those that are there, or with --follow those that come')
  .option('--from <place>', 'latest, earliest, last:20, a message id (8:42), or a time: 10m, 2h, an ISO time')
  .option('--filter <filter>', "words, key:abc*, prop.name:value, $.data.status = 'failed'", '')
  .option('-f, --follow', 'wait for new messages', false)
  .option('--limit <n>', 'end after so many messages')
  .option('--service <name>', 'which Pulsar, where the stack has several')
  .action(async (topic: string, options, self) => (await import('./commands/tail.ts')).tail(topic, options, globals(self)));
command('publish <topic> [message]', 'publish a message, or each line of the standard input ("-")')
  .option('--key <key>', 'its key')
  .option('--property <name=value>', 'a property; may be given several times', (value: string, before: string[]) => [...before, value], [])
  .option('--event-time <time>', 'its event time: 10m ago, or an ISO time')
  .option('--repeat <n>', 'publish it so many times; {{n}}, {{uuid}} and {{now}} in it are filled in anew', '1')
  .option('--service <name>', 'which Pulsar, where the stack has several')
  .action(async (topic: string, message: string | undefined, options, self) =>
    (await import('./commands/publish.ts')).publish(topic, message, options, globals(self)),
  );
command('flux [query]', 'run a Flux query on InfluxDB, one row a line ("-": read it from the standard input)')
  .option('--script <file>', 'read the query from a file')
  .option('--service <name>', 'which InfluxDB, where the stack has several')
  .option('--since <time>', 'what v.timeRangeStart is: 10m, 2h, 3d ago or an ISO time', '1h')
  .option('--until <time>', 'what v.timeRangeStop is (default: now)')
  .action(async (query: string | undefined, options, self) => (await import('./commands/flux.ts')).flux(query, options, globals(self)));
command('redis [command...]', 'run a Redis command; its arguments go to the server as they are (after --, all of them)')
  .allowUnknownOption()
  .option('--scan <pattern>', 'list the keys that match, one a line')
  .option('--type <type>', 'with --scan: only keys of this type')
  .option('-0, --null', 'with --scan: the bytes of the keys, each ended by a zero byte', false)
  .option('-x, --stdin', 'read the last argument from the standard input', false)
  .option('--service <name>', 'which Redis, where the stack has several')
  .action(async (words: string[], options, self) => (await import('./commands/redis.ts')).redis(words, options, globals(self)));
const snapshot = command('snapshot', 'the data of the whole stack at one moment, kept on this machine');
snapshot
  .command('create')
  .description('keep the data as they are now; applications stay connected')
  .option('--name <name>', 'a name to find it by')
  .option('--note <text>', 'what it is for')
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
  .action(async (id: string, _options, self) => (await import('./commands/snapshot.ts')).restore(id, globals(self)));
snapshot
  .command('delete <id>')
  .description('delete one')
  .action(async (id: string, _options, self) => (await import('./commands/snapshot.ts')).remove(id, globals(self)));
snapshot
  .command('verify <id>')
  .description('compare every file with what was written down')
  .action(async (id: string, _options, self) => (await import('./commands/snapshot.ts')).verify(id, globals(self)));
command('find <collection> [filter]', 'documents of a collection; the filter in shell syntax: "{ status: \'active\' }"')
  .option('--project <fields>', 'which fields: "{ name: 1 }"')
  .option('--sort <order>', '"{ created_at: -1 }"')
  .option('--collation <rules>', '"{ locale: \'en\' }"')
  .option('--limit <documents>', 'at most so many (default: all)')
  .option('--skip <documents>', 'leave out the first ones')
  .option('--db <database>', "default: the stack's own")
  .option('--service <name>', 'which MongoDB, where a stack has several')
  .option('--timeout <seconds>', 'how long the server may take (default: 60)')
  .option('--canonical', 'Extended JSON that keeps every type (--json always does)', false)
  .option('--count', 'only how many there are', false)
  .action(async (collection: string, filter: string | undefined, options, self) =>
    (await import('./commands/find.ts')).find(collection, filter, options, globals(self)),
  );
program
  .command('start', { hidden: true })
  .description('the window, with the stack being brought up behind it (npm start)')
  .option('--web', 'in a browser', false)
  .option('--port <port>', 'the port of the web page')
  .option('--no-install', 'do not install missing servers')
  .action(async (options, self) => (await import('./commands/open.ts')).start(options, globals(self)));

/** For options that may be given several times. */
function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

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
