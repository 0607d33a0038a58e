/**
 * The archive of WAL: what the server keeps for us in a slot is collected, and a stretch that has an end or a gap is
 * never taken for a whole one. A slot is bounded (`max_slot_wal_keep_size`), so that a server that is left alone does
 * not fill its disk; what it has let go is a gap, which is found the next time and said.
 */
import type { WalLine } from '../../../preload/contract/pitr.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Bench } from '../../runtime/bench.ts';
import type { Connection } from '../../services/kind.ts';
import { passwordOf, receiveWal } from '../../services/postgres/physical/programs.ts';
import type { WalFacts, WalServer } from '../../services/postgres/physical/server.ts';
import { offsetIn, parseLsn, partial, segmentName, showLsn } from '../../services/postgres/physical/wal.ts';
import { newId } from '../choose.ts';
import { depotPlaces } from './host.ts';
import { type Records, readRecords, writeArchive } from './records.ts';

/** A place to work at, with the server in reach. */
export interface Desk {
  readonly folder: string;
  readonly bench: Bench;
  readonly server: WalServer;
  readonly connection: Connection;
  readonly signal: AbortSignal;
  notice(level: 'info' | 'warn', message: string): void;
}

/** Why nothing can be added to a line; undefined when it goes on. Pure but for the bytes, which are compared first. */
export function breakOf(line: WalLine, now: WalFacts, sameBytes: boolean): string | undefined {
  if (now.system !== line.system) return 'the data are those of another cluster now';
  if (now.timeline !== line.timeline) return `the server is on timeline ${now.timeline} now: it was recovered or promoted`;
  if (now.flushed < parseLsn(line.until.lsn)) return 'the data were put back to an earlier moment, as by a snapshot';
  if (!now.slot) return 'the server does not keep its WAL for Noodlebox any more: the slot is gone';
  if (now.slot.lost) return 'the server let go of WAL that was not collected in time: there is a gap';
  if (!sameBytes) return 'the data were put back to an earlier moment and have another history since';
  return undefined;
}

/**
 * Collects all WAL that the server has written until now. A line that is broken is ended, with the reason.
 * @returns what is written down after it
 */
export async function collect(desk: Desk): Promise<Records> {
  const { folder, server, signal, notice } = desk;
  const records = await readRecords(folder);
  const line = records.lines.at(-1);
  if (!line || line.ended) return records;
  const now = await server.look();
  if (now.inRecovery) return records;
  const why = breakOf(line, now, await sameHistory(desk, line, now));
  if (why) {
    notice('warn', `The WAL archive of line ${line.id} ends at ${showTime(line.until.at)}: ${why}. A full backup begins a new one.`);
    await server.dropSlot().catch(() => {});
    return changed(folder, records, { ...line, ended: { at: now.now, why } });
  }
  signal.throwIfAborted();
  return receive(desk, records, line, now);
}

/** A new line from here on; the old one, if it still goes on, is ended. */
export async function beginLine(desk: Desk, why: string): Promise<Records> {
  const { folder, server, bench } = desk;
  const now = await server.look();
  mayKeep(now);
  const records = await readRecords(folder);
  const from = await server.makeSlot();
  const lines = records.lines.map((line) => (line.ended ? line : { ...line, ended: { at: now.now, why } }));
  const line: WalLine = {
    id: newId(now.now),
    system: now.system,
    timeline: now.timeline,
    segment: now.segment,
    from: showLsn(from),
    until: { lsn: showLsn(from), at: now.now },
    ended: null,
  };
  await bench.files.makeFolder(depotPlaces(bench.depot).line(line.id));
  const begun = { ...records, lines: [...lines, line] };
  await writeArchive(folder, begun);
  return receive(desk, begun, line, now);
}

async function receive(desk: Desk, records: Records, line: WalLine, now: WalFacts): Promise<Records> {
  const { folder, bench, connection, signal } = desk;
  if (now.flushed > parseLsn(line.until.lsn)) {
    const places = depotPlaces(bench.depot);
    await bench.files.makeFolder(places.line(line.id));
    const argv = receiveWal(bench.address, connection, places.line(line.id), now.flushed);
    await bench.run(argv, { doing: 'collect the WAL', env: passwordOf(connection), signal });
    await bench.files.sync();
  }
  return changed(folder, records, { ...line, until: { lsn: showLsn(now.flushed), at: now.now } });
}

async function changed(folder: string, records: Records, line: WalLine): Promise<Records> {
  const next = { ...records, lines: records.lines.map((one) => (one.id === line.id ? line : one)) };
  await writeArchive(folder, next);
  return next;
}

/**
 * Whether the last bytes that were collected are still what the server has in that place. The server keeps that file
 * as long as the slot holds; one that it has recycled all the same is told by the slot.
 */
async function sameHistory({ bench, server }: Desk, line: WalLine, now: WalFacts): Promise<boolean> {
  const until = parseLsn(line.until.lsn);
  if (until === parseLsn(line.from) || now.timeline !== line.timeline || now.flushed < until) return true;
  // At the beginning of a file the whole one before it.
  const bytes = offsetIn(until, line.segment) || line.segment;
  const file = segmentName(line.timeline, until - 1n, line.segment);
  const path = `${depotPlaces(bench.depot).line(line.id)}/${file}`;
  const [theirs, whole, part] = await Promise.all([
    server.hash(file, bytes),
    bench.files.hash(path, bytes),
    bench.files.hash(path + partial, bytes),
  ]);
  const ours = whole ?? part;
  // A whole file that no backup needs may be deleted already; one that goes on never is.
  if (ours === undefined) return bytes === line.segment;
  return theirs === undefined || theirs === ours;
}

/** @throws NoodleError not-supported-by-server: what it was started without */
export function mayKeep(now: WalFacts): void {
  if (now.inRecovery) throw lacking('It is a standby that is still recovering.', 'Take the backup from its primary.');
  if (now.tablespaces.length > 0) {
    const why = `The tablespaces ${now.tablespaces.join(', ')} lie outside of its data folder, where a backup would not reach them.`;
    throw lacking(why, 'Move what is in them into the default tablespace.');
  }
  if (now.slotKeeps < 0) {
    throw lacking(
      'Its max_slot_wal_keep_size is -1: it would keep WAL for Noodlebox without bound and could fill its disk.',
      "Noodlebox's own configuration bounds it: bring the service up again. In a postgresql.conf of your own set max_slot_wal_keep_size = 2GB.",
      'noodlebox up postgres',
    );
  }
}

function lacking(why: string, todo: string, command?: string): NoodleError {
  return new NoodleError({
    code: 'not-supported-by-server',
    what: 'This PostgreSQL cannot be backed up with its WAL.',
    why,
    todo,
    command,
  });
}

export function showTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Remembers a moment under a name. @throws NoodleError conflict, not-found (no line goes on) */
export async function mark(desk: Desk, name: string): Promise<Records> {
  const records = await collect(desk);
  const line = records.lines.at(-1);
  if (!line || line.ended) {
    throw new NoodleError({
      code: 'not-found',
      what: 'No WAL is kept, so a point could not be gone back to.',
      why: line?.ended?.why,
      todo: 'Take a backup first.',
      command: 'noodlebox postgres backup',
    });
  }
  if (records.points.some((point) => point.name === name && point.line === line.id)) {
    throw new NoodleError({ code: 'conflict', what: `There is a point "${name}" already.`, todo: 'Give another name.' });
  }
  const { lsn, at } = await desk.server.mark(name);
  const points = [...records.points, { name, line: line.id, lsn: showLsn(lsn), at }].slice(-limits.restorePoints);
  await writeArchive(desk.folder, { ...records, points });
  return collect(desk);
}
