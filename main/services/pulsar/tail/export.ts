/** What a tail shows, as a file of JSON Lines. */
import { open } from 'node:fs/promises';
import { recordLine } from './record.ts';
import type { Tail } from './tail.ts';

interface Progress {
  readonly signal: AbortSignal;
  progress(current: number, total: number, label: string): void;
}

/** One message a line. */
export async function exportTail(tail: Tail, path: string, { signal, progress }: Progress): Promise<void> {
  const file = await open(path, 'w');
  try {
    const messages = tail.shown();
    for (let from = 0; from < messages.length; from += 500) {
      signal.throwIfAborted();
      const lines = messages.slice(from, from + 500).map(({ raw, partition }) => `${recordLine(raw, partition, tail.versions())}\n`);
      await file.write(lines.join(''));
      progress(Math.min(from + 500, messages.length), messages.length, 'messages');
    }
  } finally {
    await file.close();
  }
}
