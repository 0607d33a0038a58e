/** A folder for what this process spools to disk, gone when it closes; what killed processes left goes with the next command. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './files.ts';

export class SpoolFolder {
  readonly #parent: string;
  #made: Promise<string> | undefined;

  /** @param parent `HomePaths.spool`; nothing is made before it is asked for */
  constructor(parent: string) {
    this.#parent = parent;
  }

  path(): Promise<string> {
    this.#made ??= this.#make();
    return this.#made;
  }

  async remove(): Promise<void> {
    const made = await this.#made;
    if (made) await rm(made, { recursive: true, force: true });
  }

  /** Removes what killed processes left. */
  async sweep(): Promise<void> {
    const names = await readdir(this.#parent).catch((error: unknown): string[] => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const name of names) {
      if (!isAlive(Number(name.split('-')[0]))) await rm(join(this.#parent, name), { recursive: true, force: true });
    }
  }

  async #make(): Promise<string> {
    await mkdir(this.#parent, { recursive: true, mode: 0o700 });
    await this.sweep();
    const path = join(this.#parent, `${process.pid}-${crypto.randomUUID().slice(0, 8)}`);
    await mkdir(path, { mode: 0o700 });
    return path;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
