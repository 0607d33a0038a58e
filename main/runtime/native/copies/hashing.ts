/** sha256 of files in threads of their own: on the thread that all else runs on it would take a core, and hold everything up. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { limits } from '../../../limits.ts';

export interface Hashers {
  /** @returns hex @param told bytes more that were read @throws what the system says of the file, AbortError */
  sha256(path: string, told: (bytes: number) => void): Promise<string>;
  /** Ends the threads, whatever they do. */
  close(): Promise<void>;
}

interface Order {
  readonly path: string;
  /** bytes that are read at once */
  readonly piece: number;
}

type Answer =
  | { readonly read: number }
  | { readonly hash: string }
  /** As the system tells it. */
  | { readonly failure: { readonly message: string; readonly code: string | undefined } };

/** Threads are begun as files come in, at most `limits.hashThreads`. */
export function openHashers(signal: AbortSignal): Hashers {
  const most = Math.min(limits.hashThreads, availableParallelism());
  const threads: Worker[] = [];
  const free: Worker[] = [];
  const waiting: ((thread: Worker) => void)[] = [];
  let broken: unknown;

  const thread = async (): Promise<Worker> => {
    const one = free.pop();
    if (one) return one;
    if (threads.length >= most) return new Promise((resolve) => void waiting.push(resolve));
    // As text, so that it is found however Noodlebox is packed.
    const made = new Worker(`(${hashOnDemand.toString()})()`, { eval: true });
    made.on('error', (error) => {
      broken = error;
    });
    threads.push(made);
    return made;
  };
  const give = (one: Worker) => {
    const next = waiting.shift();
    if (next) next(one);
    else free.push(one);
  };
  return {
    async sha256(path, told) {
      const one = await thread();
      try {
        signal.throwIfAborted();
        // One that has ended would never answer.
        if (broken !== undefined) throw broken;
        return await asked(one, { path, piece: limits.hashPiece }, told, signal);
      } finally {
        give(one);
      }
    },
    close: async () => void (await Promise.all(threads.map((one) => one.terminate()))),
  };
}

/** A cancelled thread is not asked again: all are ended then. */
function asked(thread: Worker, order: Order, told: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void) => {
      thread.off('message', answered).off('error', failed);
      signal.removeEventListener('abort', cancelled);
      act();
    };
    const failed = (error: Error) => end(() => reject(error));
    const cancelled = () => end(() => reject(signal.reason as Error));
    const answered = (answer: Answer) => {
      if ('read' in answer) return told(answer.read);
      if ('hash' in answer) return end(() => resolve(answer.hash));
      const { message, code } = answer.failure;
      end(() => reject(Object.assign(new Error(message), { code })));
    };
    thread.on('message', answered).on('error', failed);
    signal.addEventListener('abort', cancelled);
    thread.postMessage(order);
  });
}

/** What a thread runs. It stands alone: nothing outside of it is known there. */
function hashOnDemand(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  const answer = (what: Answer) => parentPort!.postMessage(what);
  parentPort!.on('message', ({ path, piece }: Order) => {
    try {
      const file = openSync(path, 'r');
      try {
        const hash = createHash('sha256');
        const buffer = Buffer.allocUnsafe(piece);
        let unsaid = 0;
        for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
          hash.update(buffer.subarray(0, read));
          unsaid += read;
          if (unsaid < 64 * piece) continue;
          answer({ read: unsaid });
          unsaid = 0;
        }
        answer({ read: unsaid });
        answer({ hash: hash.digest('hex') });
      } finally {
        closeSync(file);
      }
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      answer({ failure: { message, code } });
    }
  });
}
