/** Commands that are asked about before they run, and why. */

const wipes = 'It deletes every key.';
const blocks = 'It goes through all keys at once: the server answers nobody meanwhile.';

/** By name; those with a subcommand by both words. */
const dangers: Readonly<Record<string, string>> = {
  FLUSHALL: wipes,
  FLUSHDB: wipes,
  SWAPDB: 'Every client finds itself in another database.',
  KEYS: blocks,
  SHUTDOWN: 'It stops the server.',
  DEBUG: 'It can block or crash the server.',
  SAVE: 'The server answers nobody until everything is written.',
  BGREWRITEAOF: 'It writes the whole append-only file anew.',
  BGSAVE: 'It forks the server and writes all of it to disk.',
  RESTORE: 'It writes bytes that nobody has checked into a key.',
  MIGRATE: 'It moves keys to another server.',
  REPLICAOF: 'It makes this server the copy of another, and deletes what it has.',
  SLAVEOF: 'It makes this server the copy of another, and deletes what it has.',
  FAILOVER: 'It makes another server the main one.',
  'CONFIG SET': 'It changes how the server runs, for everybody.',
  'CONFIG REWRITE': 'It writes the configuration file anew.',
  'CONFIG RESETSTAT': 'It sets all counters back to 0: charts lose their beginning.',
  'SCRIPT FLUSH': 'Scripts that others have loaded are gone.',
  'SCRIPT KILL': 'It ends a script that somebody runs.',
  'FUNCTION FLUSH': 'It deletes all functions.',
  'FUNCTION DELETE': 'It deletes a library of functions.',
  'FUNCTION RESTORE': 'It writes functions from a dump.',
  'FUNCTION KILL': 'It ends a function that somebody runs.',
  'ACL SETUSER': 'It changes what a user may do.',
  'ACL DELUSER': 'It deletes a user and ends its connections.',
  'ACL LOAD': 'It replaces all users by those of the file.',
  'ACL SAVE': 'It writes the file of users anew.',
  'CLIENT KILL': 'It ends connections of others.',
  'CLIENT PAUSE': 'The server answers nobody meanwhile.',
  'CLUSTER RESET': 'It takes this server out of its cluster.',
  'CLUSTER FAILOVER': 'It makes another server the main one.',
  'CLUSTER FLUSHSLOTS': 'This server serves no slot any more.',
  'MODULE LOAD': 'It runs foreign code within the server.',
  'MODULE LOADEX': 'It runs foreign code within the server.',
  'MODULE UNLOAD': 'Keys of the types of this module cannot be read any more.',
  'SLOWLOG RESET': 'It empties the slow log.',
  'LATENCY RESET': 'It empties the latency events.',
  'MEMORY PURGE': 'It can hold the server up while it gives memory back.',
};

/** Those that take a connection over, or say who it is: not for a console. */
const refusals: Readonly<Record<string, string>> = {
  MONITOR: 'Watch commands in the Profiler tab; it stops by itself.',
  SUBSCRIBE: 'Watch changes in the Changes tab.',
  PSUBSCRIBE: 'Watch changes in the Changes tab.',
  SSUBSCRIBE: 'Watch changes in the Changes tab.',
  SYNC: 'It makes the connection a replica.',
  PSYNC: 'It makes the connection a replica.',
  HELLO: 'The console speaks one version of the protocol.',
  RESET: 'The console keeps its connection as it is.',
  QUIT: 'Close the tab instead.',
  'CLIENT REPLY': 'Without replies there would be nothing to show.',
};

function namesOf(argv: readonly (string | number | Buffer)[]): readonly [both: string, first: string] {
  const first = String(argv[0] ?? '').toUpperCase();
  return [`${first} ${String(argv[1] ?? '').toUpperCase()}`, first];
}

/** Why a command is asked about; null: it may run. */
export function dangerOf(argv: readonly (string | number | Buffer)[]): string | null {
  for (const name of namesOf(argv)) if (Object.hasOwn(dangers, name)) return dangers[name]!;
  return scriptDanger(argv);
}

/** Why a command does not run in a console at all; null: it does. */
export function refusalOf(argv: readonly (string | number | Buffer)[]): string | null {
  for (const name of namesOf(argv)) if (Object.hasOwn(refusals, name)) return refusals[name]!;
  return null;
}

/** The danger of a command by its name alone, for its help. */
export function dangerNamed(name: string): string | null {
  return dangerOf(name.split(' '));
}

/** A script that names such a command can run it. */
function scriptDanger(argv: readonly (string | number | Buffer)[]): string | null {
  if (!/^(EVAL|FUNCTION|SCRIPT)$/i.test(String(argv[0] ?? ''))) return null;
  const script = argv.slice(1).map(String).join(' ');
  const named = Object.keys(dangers).filter((name) => !name.includes(' ') && name !== 'RESTORE');
  const found = named.find((name) => new RegExp(`["']${name}["']`, 'i').test(script));
  return found === undefined ? null : `The script names ${found}: ${dangers[found]!}`;
}
