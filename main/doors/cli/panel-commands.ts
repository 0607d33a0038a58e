/** The panels' twins for scripts. Each loads what it needs when it runs. */
import type { Command } from 'commander';
import type { GlobalOptions } from './main.ts';

/** @param command makes a command of the program  @param globals its options together with the program's */
export function addPanelCommands(
  command: (words: string, description: string) => Command,
  globals: (self: Command) => GlobalOptions,
): void {
  command('trace <id>', 'what every store knows of an id: rows, keys, events, documents, points').action(
    async (id: string, _options, self) => (await import('./commands/trace.ts')).trace(id, globals(self)),
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
    .option(
      '--property <name=value>',
      'a property; may be given several times',
      (value: string, before: string[]) => [...before, value],
      [],
    )
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
}

/** For options that may be given several times. */
function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
