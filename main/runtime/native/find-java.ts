import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askVersion, programs } from './find-program.ts';
import type { ServerPlaces } from './server.ts';

/** Where JDKs stand that are not on PATH: each entry holds one, at that path inside. */
const homes: readonly (readonly [folder: string, inside: string])[] = [
  ['/usr/lib/jvm', 'bin'],
  ['/Library/Java/JavaVirtualMachines', 'Contents/Home/bin'],
  ['/opt/homebrew/opt', 'bin'],
  ['/usr/local/opt', 'bin'],
  ['C:\\Program Files\\Eclipse Adoptium', 'bin'],
];

/** The first Java that is new enough: JAVA_HOME's, PATH's, then those in known folders. */
export async function findJava(
  env: ServerPlaces['env'],
  oldest: number,
): Promise<{ readonly path: string; readonly version: number } | undefined> {
  const known = await Promise.all(
    homes.map(async ([folder, inside]) => {
      const names = await readdir(folder).catch((): string[] => []);
      return names.filter((name) => /jdk|java|openjdk/i.test(name)).map((name) => join(folder, name, inside));
    }),
  );
  const path = [...(env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin')] : []), env.PATH ?? ''].join(process.platform === 'win32' ? ';' : ':');
  for await (const java of programs('java', { ...env, PATH: path }, known.flat())) {
    const version = Number(await askVersion([java, '-version'], /version "(\d+)/));
    if (version >= oldest) return { path: java, version };
  }
  return undefined;
}
