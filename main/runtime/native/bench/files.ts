import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../../home/files.ts';
import type { BenchFiles } from '../../bench.ts';
import { freeAt, sizeOf } from '../copies/entries.ts';
import { runCommand } from '../run-command.ts';

export function benchFiles(depot: string, giveToServer: () => Promise<void>, data: string | undefined): BenchFiles {
  return {
    read: (path, last) => unlessMissing(() => readEnd(path, last)),
    write: (path, content) => writeFile(path, content, { mode: 0o600 }),
    list: async (path) => (await unlessMissing(() => readdir(path))) ?? [],
    makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
    copy: (from, to) => copyFile(from, to),
    async copyAll(folder, names, to) {
      for (const name of names) await copyFile(join(folder, name), join(to, name));
    },
    move: (from, to) => rename(from, to),
    remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
    size: (path) => sizeOf(path),
    free: () => freeAt(depot),
    hash: (path, bytes) => unlessMissing(() => hashOf(path, bytes)),
    async handOver() {
      if (data) await chmod(data, 0o700);
      await giveToServer();
    },
    async sync() {
      if (process.platform === 'linux') await runCommand(['sync', '-f', depot]).catch(() => undefined);
    },
  };
}

async function readEnd(path: string, last: number | undefined): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, last ?? size);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

async function hashOf(path: string, bytes: number): Promise<string> {
  await stat(path);
  const hash = createHash('sha256');
  if (bytes > 0) for await (const chunk of createReadStream(path, { end: bytes - 1 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function unlessMissing<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
