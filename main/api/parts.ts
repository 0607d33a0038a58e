/** What the routers of the panels share: how they reach a server, begin long work, and tell errors. */
import { implement, ORPCError } from '@orpc/server';
import type { z } from 'zod';
import type { serviceInput } from '../../preload/contract/common.ts';
import { type Contract, contract } from '../../preload/contract/contract.ts';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import type { TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import type { Core, RunOptions, Stack, Tasks } from '../core/core.ts';
import { asNoodleError } from '../errors.ts';
import type { ShelvedFile } from '../home/shelf.ts';
import type { SessionOf } from '../services/registry.ts';
import { Credits } from './credits.ts';

type ServiceInput = z.infer<typeof serviceInput>;

/** The contract's implementer: every error is told as a problem. */
export function implementer() {
  return implement<Contract>(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw told(error);
    }
  });
}
export type Implementer = ReturnType<typeof implementer>;

/** Long work as its code sees it. What has steps tells them as events instead. */
export interface Work extends RunOptions {
  /** @param total 0 when it is not known */
  progress(current: number, total: number, label: string): void;
}

export interface Parts {
  stack(name: string): Promise<Stack>;
  /** The session behind a panel's procedure. */
  session<Kind extends ServiceKindName>(kind: Kind, input: ServiceInput): Promise<SessionOf<Kind>>;
  /** A stream held back to what its reader has room for (`Credits`). */
  stream<T>(id: string, source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T>;
  /** Long work in the background, shown in the bottom bar with its progress, and cancelled there. */
  work(kind: TaskKind, stack: string, title: string, act: (work: Work) => Promise<void>): TaskSummary;
  /**
   * Work that makes a file for the window: the file is there to be fetched (`files/<id>`) once the task is done,
   * and gone when it fails or is cancelled.
   */
  export(
    stack: string,
    title: string,
    file: { readonly name: string; readonly type: string },
    act: (file: ShelvedFile, work: Work) => Promise<void>,
  ): Promise<{ task: TaskSummary; file: string }>;
  /** A file that a window has sent. @throws NoodleError not-found */
  upload(id: string): Promise<ShelvedFile & { readonly bytes: number }>;
  readonly credits: Credits;
}

export const untilClosed = new AbortController().signal;

export function createParts(core: Core, tasks: Tasks): Parts {
  const credits = new Credits();
  const stack = (name: string) => core.open({ stack: name });
  const work: Parts['work'] = (kind, name, title, act) =>
    tasks.start(kind, name, title, (run) => act({ ...run, progress: progressOf(title, run) }));
  return {
    credits,
    stack,
    session: async (kind, input) => (await stack(input.stack)).session(kind, input.service),
    stream: (id, source, signal) => telling(credits.hold(id, source, signal ?? untilClosed)),
    work,
    async export(name, title, { name: fileName, type }, act) {
      const file = await core.shelf.reserve(fileName, type);
      const task = work('export', name, title, async (run) => {
        try {
          await act(file, run);
          core.shelf.complete(file.id);
        } catch (error) {
          await core.shelf.discard(file.id);
          throw error;
        }
      });
      return { task, file: file.id };
    },
    upload: (id) => core.shelf.must(id),
  };
}

function progressOf(id: string, run: RunOptions): Work['progress'] {
  return (current, total, label) => run.onEvent({ type: 'progress', id, progress: { kind: 'rows', current, total, label } });
}

/** An error as the window is told of it: the problem's words, and never a stack trace. */
export function told(error: unknown): ORPCError<string, unknown> {
  // What the contract refused already says what is wrong with the input.
  if (error instanceof ORPCError) return error;
  const { problem, message } = asNoodleError(error);
  return new ORPCError('INTERNAL_SERVER_ERROR', { message, data: problem });
}

async function* telling<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw told(error);
  }
}
