/** Pulling an image. The stream is read here, because an error in it comes after a status of success. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Task } from '../../runtime.ts';
import type { Environment } from '../discovery/context.ts';
import { chunks, type EngineClient } from '../engine/client.ts';
import { jsonLines } from '../engine/json-lines.ts';
import { EngineRefusal } from '../engine/refusal.ts';
import { registryAuthHeader } from './credentials.ts';
import { pullProblem } from './problem.ts';
import { type PullMessage, PullProgress } from './progress.ts';
import { splitReference } from './reference.ts';

/** @throws NoodleError image-unavailable (unreachable, not there, not allowed), disk-full, engine-lost, cancelled */
export async function pullImage(engine: EngineClient, image: string, env: Environment, { signal, progress }: Task): Promise<void> {
  const { name, tag } = splitReference(image);
  const auth = await registryAuthHeader(image, env);
  const call = {
    method: 'POST',
    path: '/images/create',
    query: { fromImage: name, tag },
    headers: auth ? { 'x-registry-auth': auth } : undefined,
    signal,
    doing: `pull ${image}`,
  } as const;
  try {
    const response = await engine.send(call);
    await follow(image, jsonLines<PullMessage>(chunks(response, call)), progress);
    signal.throwIfAborted();
  } catch (error) {
    throw error instanceof EngineRefusal
      ? new NoodleError(pullProblem(image, error.problem.why ?? error.problem.what), { cause: error })
      : error;
  }
}

/** Tells the progress at most every `limits.streamBatchInterval`, and at the end. @throws NoodleError for an error in the stream */
export async function follow(image: string, messages: AsyncIterable<PullMessage>, tell: Task['progress']): Promise<void> {
  const progress = new PullProgress();
  let toldAt = 0;
  for await (const message of messages) {
    const failure = message.errorDetail?.message ?? message.error;
    if (failure) throw new NoodleError(pullProblem(image, failure));
    if (!progress.add(message) || Date.now() - toldAt < limits.streamBatchInterval) continue;
    toldAt = Date.now();
    tell(progress.now());
  }
  tell(progress.now());
}
