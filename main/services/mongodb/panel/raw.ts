import type { Command, Link } from './link.ts';

/** All documents of a find or an aggregation that are known to be few. */
export async function rawDocuments(link: Link, database: string, command: Command, signal: AbortSignal): Promise<Buffer[]> {
  const documents: Buffer[] = [];
  for await (const document of streamed(link, database, command, signal)) documents.push(document);
  return documents;
}

/** The documents of a command one after another, as bytes; the cursor goes with the loop. */
export async function* streamed(
  link: Link,
  database: string,
  command: Command,
  signal: AbortSignal,
  batch = 1_000,
): AsyncGenerator<Buffer> {
  const sized = 'find' in command ? { batchSize: batch } : { cursor: { batchSize: batch } };
  const cursor = await link.cursor(database, { ...command, ...sized }, { batch, signal });
  const stop = () => void cursor.close().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const next = await link.told(signal, () => cursor.next());
      if (next === null) break;
      yield next as unknown as Buffer;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    await cursor.close().catch(() => {});
  }
}
