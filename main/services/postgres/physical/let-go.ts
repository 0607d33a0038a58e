/** WAL that nothing needs any more: it goes, or lies ready to be written again, with the next checkpoint. */
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import { openPostgres } from '../client.ts';

/**
 * A checkpoint lets go of the WAL before it, but for what slots ask for and what is not summarised yet. Summaries are made
 * up to each checkpoint right after it, so what was written last goes with a second one.
 */
export async function letGo(connection: Connection, signal: AbortSignal): Promise<void> {
  const client = await openPostgres(connection, { signal, statementTimeout: limits.letGoPatience });
  try {
    const deadline = Date.now() + limits.letGoPatience;
    await client.query('checkpoint', [], signal);
    let waited = false;
    while ((await summarises(client, signal)) && Date.now() < deadline) {
      waited = true;
      await pause(limits.letGoLook, undefined, { signal });
    }
    if (waited || (await keepsOlder(client, signal))) await client.query('checkpoint', [], signal);
  } catch {
    // It is not allowed to, or has no time for it: more is copied then.
    signal.throwIfAborted();
  } finally {
    await client.close();
  }
}

type Client = Awaited<ReturnType<typeof openPostgres>>;

/** Whether summaries up to the last checkpoint are still to come. */
async function summarises(client: Client, signal: AbortSignal): Promise<boolean> {
  const [row] = await client.query<{ behind: boolean }>(
    `select current_setting('summarize_wal')::bool and summarizer_pid is not null and summarized_lsn < redo_lsn as behind
       from pg_get_wal_summarizer_state(), pg_control_checkpoint()`,
    [],
    signal,
  );
  return row?.behind ?? false;
}

/** Whether there is WAL of before the last checkpoint. */
async function keepsOlder(client: Client, signal: AbortSignal): Promise<boolean> {
  const [row] = await client.query<{ older: boolean }>(
    `select exists (select from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name < redo_wal_file) as older from pg_control_checkpoint()`,
    [],
    signal,
  );
  return row?.older ?? false;
}
