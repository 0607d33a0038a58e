/** PostgreSQL's programs for physical backups: what they are called with, and what they answer. */
import type { Connection } from '../../kind.ts';
import { slotName } from './server.ts';
import { type Lsn, parseLsn, showLsn } from './wal.ts';

export type Argv = readonly [string, ...string[]];

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where to connect and as whom; the password goes into the environment (`passwordOf`). */
function connected({ host, port }: Address, { parts }: Connection): readonly string[] {
  return ['--host', host, '--port', String(port), '--username', parts.user ?? '', '--no-password'];
}

export function passwordOf({ parts }: Connection): Readonly<Record<string, string>> {
  return { PGPASSWORD: parts.password ?? '' };
}

/** @param since the manifest of the backup that it builds on */
export function takeBase(address: Address, connection: Connection, to: string, since: string | undefined): Argv {
  return [
    'pg_basebackup',
    ...connected(address, connection),
    '--pgdata',
    to,
    '--format=plain',
    // With all the WAL that it needs: it can be restored by itself, should the archive be lost.
    '--wal-method=stream',
    '--checkpoint=fast',
    '--manifest-checksums=SHA256',
    '--progress',
    ...(since === undefined ? [] : ['--incremental', since]),
  ];
}

/** `1234/56789 kB (2%), 0/1 tablespace` @returns bytes */
export function baseProgress(text: string): { readonly current: number; readonly total: number } | undefined {
  const [, current, total] = [...text.matchAll(/(\d+)\/(\d+) kB/g)].at(-1) ?? [];
  return current && total ? { current: Number(current) * 1024, total: Number(total) * 1024 } : undefined;
}

/** Ends once all up to `until` has come. */
export function receiveWal(address: Address, connection: Connection, to: string, until: Lsn): Argv {
  // It ends when it is past a position, which a server at rest never gets.
  const before = showLsn(until - 1n);
  return ['pg_receivewal', ...connected(address, connection), '--directory', to, '--slot', slotName, '--endpos', before, '--no-loop'];
}

export function verifyBase(folder: string): Argv {
  return ['pg_verifybackup', '--quiet', folder];
}

/** @param chain the full backup first */
export function combine(chain: readonly string[], to: string): Argv {
  return ['pg_combinebackup', ...chain, '--output', to];
}

/** Prints commits and aborts of a transaction. */
export function findCommit(folder: string, timeline: number, from: Lsn, to: Lsn, xid: string): Argv {
  // WAL knows the lower half of the number that applications see.
  const known = String(BigInt(xid) & 0xffffffffn);
  return [...dump(folder, timeline, from, to), '--rmgr=Transaction', `--xid=${known}`];
}

/** Prints, among others, the points that were given a name. */
export function findPoints(folder: string, timeline: number, from: Lsn, to: Lsn): Argv {
  return [...dump(folder, timeline, from, to), '--rmgr=XLOG'];
}

function dump(folder: string, timeline: number, from: Lsn, to: Lsn): Argv {
  return ['pg_waldump', '--path', folder, '--timeline', String(timeline), '--start', showLsn(from), '--end', showLsn(to)];
}

/** `…, lsn: 0/0303EB40, prev 0/0303EB08, desc: COMMIT 2026-11-24 …` @returns where the transaction was committed; undefined when it was not */
export function commitIn(printed: string): Lsn | undefined {
  const found = /lsn: ([0-9A-F]+\/[0-9A-F]+),.*desc: COMMIT/.exec(printed);
  return found ? parseLsn(found[1]!) : undefined;
}

/** `…, lsn: 0/0303EB40, prev …, desc: RESTORE_POINT before import` */
export function pointIn(printed: string, name: string): Lsn | undefined {
  for (const line of printed.split('\n')) {
    const found = /lsn: ([0-9A-F]+\/[0-9A-F]+),.*desc: RESTORE_POINT (.*)$/.exec(line);
    if (found?.[2] === name) return parseLsn(found[1]!);
  }
  return undefined;
}

/** The WAL that a backup needs, from the end of its `backup_manifest`. */
export function rangeIn(manifest: string): { readonly timeline: number; readonly from: Lsn; readonly to: Lsn } | undefined {
  const found = /"WAL-Ranges": \[\s*(\{[^}]*\})\s*\]/.exec(manifest);
  if (!found) return undefined;
  const range = JSON.parse(found[1]!) as Record<string, string | number>;
  return { timeline: Number(range.Timeline), from: parseLsn(String(range['Start-LSN'])), to: parseLsn(String(range['End-LSN'])) };
}

/** When recovery is to stop; nothing: at the end of what there is. */
export type StopAt =
  | { readonly at: 'end' }
  | { readonly at: 'time'; readonly time: number }
  | { readonly at: 'name'; readonly name: string }
  | { readonly at: 'xid'; readonly xid: string };

/** What the server recovers and is asked with, reached by a socket in a folder of its own. */
export function recoverServer(data: string, scratch: string, stop: StopAt): Argv {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: '',
    unix_socket_directories: scratch,
    port: String(recoveryPort),
    hba_file: `${scratch}/pg_hba.conf`,
    ssl: 'off',
    shared_preload_libraries: '',
    logging_collector: 'off',
    log_destination: 'stderr',
    summarize_wal: 'off',
    archive_mode: 'off',
    // All WAL lies in pg_wal: no command has to be run for any of it, and no path to be quoted.
    restore_command: 'false',
    // Nobody reads before the end: the settings of the server that it was taken from need not be met.
    hot_standby: 'off',
    recovery_target_action: 'promote',
    ...stopSettings(stop),
  };
  return ['postgres', '-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function stopSettings(stop: StopAt): Readonly<Record<string, string>> {
  switch (stop.at) {
    case 'end':
      return {};
    case 'time':
      return { recovery_target_time: new Date(stop.time).toISOString().replace('T', ' ').replace('Z', '+00') };
    case 'name':
      return { recovery_target_name: stop.name };
    case 'xid':
      return { recovery_target_xid: stop.xid };
  }
}

const recoveryPort = 5432;
/** Only who may enter the socket's folder. */
export const recoveryAccess = 'local all all trust\n';

/** Prints one answer a line. @param query constant text */
export function askRecovered(scratch: string, user: string, database: string, query: string): Argv {
  const where = ['-h', scratch, '-p', String(recoveryPort), '-U', user, '-d', database];
  return ['psql', ...where, '--no-psqlrc', '--no-align', '--tuples-only', '--quiet', '--set=ON_ERROR_STOP=1', '-c', query];
}

/** The history of the timeline that recovery began: its last line names where it left the one before. */
export const historyQuery = `select pg_read_file('pg_wal/' || lpad(upper(to_hex(timeline_id)), 8, '0') || '.history') from pg_control_checkpoint()`;

/** `1\t0/3000158\tno recovery target specified` @returns where the playing back ended */
export function playedTo(history: string): Lsn | undefined {
  const [, lsn] = [...history.matchAll(/^\d+\t([0-9A-F]+\/[0-9A-F]+)\t/gm)].at(-1) ?? [];
  return lsn === undefined ? undefined : parseLsn(lsn);
}

export function stopServer(data: string): Argv {
  return ['pg_ctl', 'stop', '-D', data, '-m', 'fast', '-w', '-t', '3600'];
}

/** What the server says when WAL ends before the moment it was to stop at. */
export const notReached = /recovery ended before configured recovery target was reached/;
