/** What a running server says of its WAL, and what is asked of it there. */
import type { Connection } from '../../kind.ts';
import { openPostgres } from '../client.ts';
import { type Lsn, parseLsn } from './wal.ts';

export interface WalServer {
  /** As it is now. */
  look(): Promise<WalFacts>;
  /** Makes the slot anew: from here on the server keeps its WAL for us. @returns from where on it does */
  makeSlot(): Promise<Lsn>;
  dropSlot(): Promise<void>;
  /** sha256 (hex) of the first bytes of a file of WAL; undefined when the server has it no more. */
  hash(file: string, bytes: number): Promise<string | undefined>;
  /** @returns where the point is, and the server's clock (ms) */
  mark(name: string): Promise<{ readonly lsn: Lsn; readonly at: number }>;
  close(): Promise<void>;
}

export interface WalFacts {
  readonly version: string;
  /** The cluster's identifier; copies of it have the same. */
  readonly system: string;
  readonly timeline: number;
  /** All up to here is on its disk. */
  readonly flushed: Lsn;
  /** ms since the epoch, its clock */
  readonly now: number;
  /** bytes of one file of WAL */
  readonly segment: number;
  /** bytes; -1: without bound */
  readonly slotKeeps: number;
  readonly summarizes: boolean;
  readonly inRecovery: boolean;
  /** Names of those that lie outside of the data folder. */
  readonly tablespaces: readonly string[];
  readonly slot: { readonly restart: Lsn | undefined; readonly lost: boolean } | undefined;
}

export const slotName = 'noodlebox_archive';

/** @throws NoodleError wrong-password, service-unreachable */
export async function openWalServer(connection: Connection, signal: AbortSignal): Promise<WalServer> {
  const client = await openPostgres(connection, { signal });
  return {
    async look() {
      const [row] = await client.query<{
        version: string;
        system: string;
        file: string;
        flushed: string;
        now: string;
        segment: string;
        keeps: string;
        summarizes: boolean;
        recovery: boolean;
        tablespaces: string[];
        slot: string | null;
        restart: string | null;
        status: string | null;
      }>(
        `with here as (select pg_is_in_recovery() as recovery)
         select current_setting('server_version') as version,
                (select system_identifier::text from pg_control_system()) as system,
                case when recovery then '' else pg_walfile_name(pg_current_wal_insert_lsn()) end as file,
                (case when recovery then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end)::text as flushed,
                (extract(epoch from clock_timestamp()) * 1000)::text as now,
                (select setting from pg_settings where name = 'wal_segment_size') as segment,
                (select setting from pg_settings where name = 'max_slot_wal_keep_size') as keeps,
                current_setting('summarize_wal')::bool as summarizes,
                recovery,
                array(select spcname::text from pg_tablespace where pg_tablespace_location(oid) <> '') as tablespaces,
                slot.slot_name as slot, slot.restart_lsn::text as restart, slot.wal_status as status
           from here left join pg_replication_slots slot on slot.slot_name = $1`,
        [slotName],
        signal,
      );
      const { version, system, file, flushed, now, segment, keeps, summarizes, recovery, tablespaces, slot, restart, status } = row!;
      return {
        version: version.split(' ')[0]!,
        system,
        timeline: Number.parseInt(file.slice(0, 8) || '0', 16),
        flushed: parseLsn(flushed),
        now: Number(now),
        segment: Number(segment),
        slotKeeps: Number(keeps) < 0 ? -1 : Number(keeps) * 2 ** 20,
        summarizes,
        inRecovery: recovery,
        tablespaces,
        slot:
          slot === null
            ? undefined
            : { restart: restart === null ? undefined : parseLsn(restart), lost: status === 'lost' || restart === null },
      };
    },
    async makeSlot() {
      await drop();
      const [row] = await client.query<{ lsn: string }>(
        'select lsn::text from pg_create_physical_replication_slot($1, true)',
        [slotName],
        signal,
      );
      return parseLsn(row!.lsn);
    },
    dropSlot: drop,
    async hash(file, bytes) {
      const text = `select encode(sha256(pg_read_binary_file('pg_wal/' || $1, 0, $2, true)), 'hex') as hash`;
      const [row] = await client.query<{ hash: string | null }>(text, [file, bytes], signal);
      return row?.hash ?? undefined;
    },
    async mark(name) {
      const text = `select pg_create_restore_point($1)::text as lsn, (extract(epoch from clock_timestamp()) * 1000)::text as now`;
      const [row] = await client.query<{ lsn: string; now: string }>(text, [name], signal);
      return { lsn: parseLsn(row!.lsn), at: Number(row!.now) };
    },
    close: () => client.close(),
  };

  async function drop(): Promise<void> {
    const text = 'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1';
    await client.query(text, [slotName], signal);
  }
}
