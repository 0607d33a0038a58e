/** Files into and out of containers, as tar archives over the API: it works with engines of other machines, where a bind mount would not. */
import { pipeline } from 'node:stream/promises';
import { limits } from '../../limits.ts';
import type { ConfigFile } from '../spec.ts';
import type { EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { onContainer } from './instances.ts';

/** Puts the files at their places; the engine makes folders that are missing. */
export async function putFiles(engine: EngineClient, container: string, files: readonly ConfigFile[], signal?: AbortSignal): Promise<void> {
  await engine.run({
    method: 'PUT',
    path: `/containers/${container}/archive`,
    query: { path: '/' },
    body: await packed(files),
    signal,
    doing: `copy configuration files into ${container}`,
  });
}

/** The first `limits.containerFileBytes` of a file; undefined when the file, or the container, is not there. */
export async function readContainerFile(engine: EngineClient, stack: string, service: string, path: string): Promise<Buffer | undefined> {
  try {
    return await onContainer(engine, stack, service, async (container) => {
      const archive = await engine.send({
        path: `/containers/${container}/archive`,
        query: { path },
        doing: `read ${path} in ${container}`,
      });
      return firstFile(archive);
    });
  } catch (error) {
    if (refusedWith(error, 404)) return undefined;
    throw error;
  }
}

async function packed(files: readonly ConfigFile[]): Promise<Buffer> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const { target, content, mode, uid, gid } of files) {
    archive.entry({ name: target.replace(/^\/+/, ''), mode, uid, gid, mtime: new Date(0) }, content);
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function firstFile(archive: NodeJS.ReadableStream): Promise<Buffer | undefined> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  const copying = pipeline(archive, entries).catch(() => undefined);
  try {
    for await (const entry of entries) {
      if (entry.header.type !== 'file') return undefined;
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of entry as AsyncIterable<Buffer>) {
        parts.push(part);
        size += part.length;
        if (size >= limits.containerFileBytes) break;
      }
      return Buffer.concat(parts).subarray(0, limits.containerFileBytes);
    }
    return undefined;
  } finally {
    entries.destroy();
    await copying;
  }
}
