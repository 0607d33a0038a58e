/** Changes to keys as the server tells of them, on a connection of its own. */
import type { ChangesBatch, KeyChange } from '../../../../preload/contract/cache-models.ts';
import { limits } from '../../../limits.ts';
import { unreachable } from '../../connect.ts';
import { globOf, nameOf } from '../bytes.ts';
import { RedisLink } from '../link.ts';
import { putBack, turnOn, watcherName } from './notify-setting.ts';
import { Ring } from './ring.ts';

const channel = '__keyspace@0__:';

/** Ends with the signal; the setting is put back then. */
export async function* watchChanges(link: RedisLink, pattern: string, signal: AbortSignal): AsyncGenerator<ChangesBatch> {
  const ring = new Ring<KeyChange>(limits.cacheRing);
  let total = 0;
  const subscriber = new RedisLink(link.connection, { name: watcherName });
  try {
    const redis = await subscriber.redis();
    const setting = await turnOn(link);
    let lost = false;
    redis.once('end', () => {
      lost = true;
      ring.wake();
    });
    const prefix = Buffer.byteLength(channel);
    redis.on('pmessageBuffer', (_pattern: Buffer, name: Buffer, event: Buffer) => {
      ring.push({ number: ++total, time: Date.now(), event: event.toString(), key: nameOf(name.subarray(prefix)) });
    });
    // The server matches keys: those nobody asked for never leave it.
    await redis.psubscribe(Buffer.concat([Buffer.from(channel), globOf(pattern)]) as unknown as string);
    yield { changes: [], total, dropped: 0, setting };
    while (!signal.aborted) {
      await ring.filled(signal, 10_000);
      if (signal.aborted) return;
      if (lost) throw unreachable('Redis', link.connection, new Error('The connection was closed.'));
      if (ring.isEmpty) continue;
      const changes = ring.take();
      yield { changes, total, dropped: ring.dropped, setting };
      await new Promise((resolve) => setTimeout(resolve, limits.streamBatchInterval));
    }
  } finally {
    await closed(subscriber);
    await putBack(link).catch(() => {});
  }
}

/** Gone from CLIENT LIST too: closing is only asked for by the client. */
async function closed(link: RedisLink): Promise<void> {
  const redis = await link.redis().catch(() => undefined);
  if (redis) await redis.quit().catch(() => {});
  link.close();
}
