import { open } from 'node:fs/promises';
import type { ExportSource, ExportTo } from './export.ts';

interface TextFormat {
  readonly head: string;
  /** @param first whether they are the file's first rows */
  rows(rows: readonly (readonly (string | null)[])[], first: boolean): string;
  readonly foot: string;
}

/** Writes some rows at a time: memory does not grow with the result. */
export async function writeText({ texts }: ExportSource, { path, signal, progress }: ExportTo, format: TextFormat): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.write(format.head);
    let written = 0;
    for await (const rows of texts()) {
      signal.throwIfAborted();
      if (rows.length === 0) continue;
      await file.write(format.rows(rows, written === 0));
      written += rows.length;
      progress(written);
    }
    await file.write(format.foot);
  } finally {
    await file.close();
  }
}
