/** Loads keys of a bundle into an empty Redis. Their time to live begins when all are there. */
import { z } from 'zod';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { checkedIndex, lineBatches, notAsSaid } from '../../bundle-parts.ts';
import type { Connection } from '../../kind.ts';
import type { PortionLoader } from '../../portion.ts';
import { bytesOf, nameOf } from '../bytes.ts';
import { scanKeys } from '../keys/scan-wire.ts';
import { type Argv, RedisLink } from '../link.ts';
import { Entry, prefixOf, writeCommands } from './entry.ts';
import { shownPrefix } from './source.ts';

const Index = z.strictObject({ format: z.literal(1), part: z.string(), prefixes: z.array(z.string()) });

/** @throws NoodleError archive-damaged, wrong-password, service-unreachable */
export async function openPortionLoader(connection: Connection, service: string, index: unknown): Promise<PortionLoader> {
  const { part, prefixes } = checkedIndex(Index, index, service);
  const link = new RedisLink(connection, { name: 'noodlebox-bundle' });
  await link.redis();
  const lives = new Map<string, number>();
  let counted: Awaited<ReturnType<PortionLoader['counts']>> | undefined;
  const send = async (commands: readonly Argv[], signal: AbortSignal) => {
    for (const reply of await link.pipeline(commands, signal)) if (reply instanceof Error) throw untaken(reply);
  };
  const count = async (signal: AbortSignal) => {
    const counts = new Map(prefixes.map((prefix) => [prefix, 0]));
    // SCAN may tell of a key twice.
    const seen = new Set<string>();
    const onKey = (buffer: Buffer, from: number, to: number) => void seen.add(nameOf(buffer.subarray(from, to)));
    await scanKeys(connection, {}, '0', onKey, () => true, signal);
    for (const key of seen) {
      const prefix = counts.has(prefixOf(key)) ? prefixOf(key) : '';
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
    return [...counts].map(([prefix, rows]) => ({ name: shownPrefix(prefix), rows }));
  };
  return {
    async load(name, content, work) {
      if (name !== part) throw notAsSaid(`${service} has no part ${name}`);
      let done = 0;
      for await (const lines of lineBatches(content, `${service}/${name}`)) {
        for (let at = 0; at < lines.length; at += limits.cacheBulkKeys) {
          const entries = lines.slice(at, at + limits.cacheBulkKeys).map((line) => parsed(line, `${service}/${name}`));
          await send(entries.flatMap(writeCommands), work.signal);
          for (const { key, ttl } of entries) if (ttl !== null) lives.set(key, ttl);
          done += entries.length;
          work.progress(done, 0, 'keys');
        }
      }
    },
    async finish({ signal }) {
      counted = await count(signal);
      const all = [...lives];
      for (let at = 0; at < all.length; at += limits.bundleBatch) {
        const commands = all.slice(at, at + limits.bundleBatch).map(([key, ttl]): Argv => ['PEXPIRE', bytesOf(key), ttl]);
        await send(commands, signal);
      }
    },
    counts: async (signal) => counted ?? count(signal),
    close: async () => link.close(),
  };
}

function parsed(line: string, part: string): Entry {
  try {
    return Entry.parse(JSON.parse(line));
  } catch {
    throw notAsSaid(`${part} has a line that is no key`);
  }
}

function untaken(error: Error): NoodleError {
  const newer = /DUMP payload version or checksum/.test(error.message);
  return new NoodleError(
    {
      code: newer ? 'data-version' : 'query-failed',
      what: 'Redis did not take a key of the bundle.',
      why: newer ? 'It was kept by a newer Redis, in a form that this one does not know (a stream, or a type of a module).' : error.message,
    },
    { cause: error },
  );
}
