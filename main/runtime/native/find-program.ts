/** Looking for programs: on PATH, in known folders, and asking them their version. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { limits } from '../../limits.ts';
import { runCommand } from './run-command.ts';
import type { ServerPlaces } from './server.ts';

/** Folders that are often not on the PATH of an app started from a desktop. */
const usualFolders = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/opt/homebrew/bin',
  '/usr/local/go/bin',
];

/** The program in the first of these places: PATH, the folders given, the usual folders. */
export async function findProgram(name: string, env: ServerPlaces['env'], folders: readonly string[] = []): Promise<string | undefined> {
  for await (const path of programs(name, env, folders)) return path;
  return undefined;
}

/** Every program of that name, in the order in which a shell would look for it. */
export async function* programs(name: string, env: ServerPlaces['env'], folders: readonly string[] = []): AsyncGenerator<string> {
  const file = executable(name);
  const path = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const seen = new Set<string>();
  for (const folder of [...path, ...folders, ...usualFolders]) {
    const candidate = join(folder, file);
    if (seen.has(candidate)) continue;
    seen.add(candidate);
    if (await isExecutable(candidate)) yield candidate;
  }
}

/** The file name of a program on this system. */
export function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

interface Answer {
  /** Which file it was that answered. */
  readonly file: string;
  readonly version: string;
  /** ms since the epoch */
  readonly until: number;
}

/** By command: one act looks at a stack many times, and a Java takes as long to say its version as a small server to start. */
const answers = new Map<string, Answer>();

/** What the program prints of itself that matches; undefined when it does not run or says nothing of the kind. */
export async function askVersion(
  argv: readonly [string, ...string[]],
  pattern: RegExp,
  env?: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const command = JSON.stringify([argv, pattern.source, env]);
  const file = await fileOf(argv[0]);
  const known = answers.get(command);
  if (known && known.file === file && Date.now() < known.until) return known.version;
  const version = await answerOf(argv, pattern, env);
  if (version === undefined || file === undefined) answers.delete(command);
  else answers.set(command, { file, version, until: Date.now() + limits.versionKept });
  return version;
}

/** undefined: it is not there, or is looked for on PATH, where it may be another one next time. */
async function fileOf(path: string): Promise<string | undefined> {
  if (!isAbsolute(path)) return undefined;
  const found = await stat(path).catch(() => undefined);
  return found && `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`;
}

async function answerOf(
  argv: readonly [string, ...string[]],
  pattern: RegExp,
  env: Readonly<Record<string, string | undefined>> | undefined,
): Promise<string | undefined> {
  const result = await runCommand(argv, { env, timeout: limits.versionAnswer }).catch(() => undefined);
  return result && pattern.exec(result.tail)?.[1];
}

/** Whether a version is at least another, number by number. */
export function atLeast(version: string, wanted: string): boolean {
  const [a, b] = [version, wanted].map((text) => text.split(/[^0-9]+/).map(Number));
  for (let index = 0; index < b!.length; index++) {
    const difference = (a![index] ?? 0) - b![index]!;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
