import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { NoodleError } from '../../errors.ts';

/** A built window: what is not in this map is not served, so no path can lead out of it. */
export type Assets = ReadonlyMap<string, { readonly path: string; readonly type: string }>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.json': 'application/json',
};

/** @throws NoodleError server-missing when the window has not been built */
export async function readAssets(folder: string): Promise<Assets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const assets = new Map(
    files.map((path) => [
      `/${relative(folder, path).split(sep).join('/')}`,
      { path, type: types[extname(path)] ?? 'application/octet-stream' },
    ]),
  );
  if (!assets.has('/index.html')) {
    throw new NoodleError({
      code: 'server-missing',
      what: 'The window has not been built.',
      why: `${folder} has no index.html.`,
      todo: 'Build it.',
      command: 'npm run build',
    });
  }
  return assets;
}

export async function contentOf(asset: { readonly path: string }): Promise<Buffer> {
  return readFile(asset.path);
}
