/**
 * A container that stands by with volumes mounted and runs commands on them. It is made from an image of the
 * stack that is on the engine already, so nothing is pulled; it works with engines of other machines, and where
 * the engine's volumes cannot be reached from here.
 */
import { randomBytes } from 'node:crypto';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Definition } from '../../spec.ts';
import { chunks, type EngineClient } from '../engine/client.ts';
import { refusedWith } from '../engine/refusal.ts';
import { FrameReader } from '../logs/frames.ts';
import { label } from '../names.ts';

export interface HelperMount {
  /** Engine name. */
  readonly volume: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface Helper {
  /** Runs a command as root. @param sink gets what it prints, as it comes @throws NoodleError disk-full, engine-refused with its last words */
  run(command: readonly string[], doing: string, signal?: AbortSignal, sink?: (text: string) => void): Promise<void>;
  remove(): Promise<void>;
}

/** @throws NoodleError image-unavailable */
export async function startHelper(engine: EngineClient, definition: Definition, mounts: readonly HelperMount[]): Promise<Helper> {
  const doing = `prepare copying the volumes of ${definition.name}`;
  const name = `${definition.name}-noodlebox-copy-${randomBytes(4).toString('hex')}`;
  const body = {
    Image: await imageAtHand(engine, definition),
    Entrypoint: ['/bin/sh', '-c', `sleep ${limits.copyHelperLife / 1000}`],
    Cmd: [],
    User: '0:0',
    WorkingDir: '/',
    Healthcheck: { Test: ['NONE'] },
    Labels: { [label.helper]: definition.name },
    HostConfig: {
      AutoRemove: true,
      Init: true,
      NetworkMode: 'none',
      Mounts: mounts.map(({ volume, target, readOnly }) => ({
        Type: 'volume',
        Source: volume,
        Target: target,
        ReadOnly: readOnly,
        VolumeOptions: { NoCopy: true },
      })),
    },
  };
  await engine.run({ method: 'POST', path: '/containers/create', query: { name }, body, doing });
  try {
    await engine.run({ method: 'POST', path: `/containers/${name}/start`, doing });
  } catch (error) {
    await removeContainer(engine, name);
    throw error;
  }
  return {
    run: (command, what, signal, sink) => execute(engine, name, command, what, signal, sink),
    remove: () => removeContainer(engine, name),
  };
}

/** Ends helpers that a killed process left. */
export async function removeHelpers(engine: EngineClient, stack: string): Promise<void> {
  const filters = { label: [`${label.helper}=${stack}`] };
  const left = await engine.json<{ Id: string }[]>({
    path: '/containers/json',
    query: { all: true, filters },
    doing: `look for leftovers of ${stack}`,
  });
  await Promise.all(left.map(({ Id }) => removeContainer(engine, Id)));
}

async function removeContainer(engine: EngineClient, container: string): Promise<void> {
  try {
    await engine.run({
      method: 'DELETE',
      path: `/containers/${container}`,
      query: { force: true, v: true },
      doing: `remove the container ${container}`,
    });
  } catch (error) {
    // Gone, or already going.
    if (!refusedWith(error, 404, 409)) throw error;
  }
}

async function imageAtHand(engine: EngineClient, definition: Definition): Promise<string> {
  const images = [...new Set(Object.values(definition.services).map(({ image }) => image))];
  for (const image of images) {
    try {
      await engine.run({ path: `/images/${image.split('/').map(encodeURIComponent).join('/')}/json`, doing: `look for ${image}` });
      return image;
    } catch (error) {
      if (!refusedWith(error, 404)) throw error;
    }
  }
  throw new NoodleError({
    code: 'image-unavailable',
    what: 'No image of the stack is on the engine, so there is nothing to copy its volumes with.',
    todo: 'Bring any service of the stack up, then try again.',
    command: `noodlebox up ${Object.keys(definition.services)[0] ?? ''} --stack ${definition.name}`.trim(),
  });
}

async function execute(
  engine: EngineClient,
  container: string,
  command: readonly string[],
  doing: string,
  signal: AbortSignal | undefined,
  sink: (text: string) => void = () => {},
): Promise<void> {
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: `/containers/${container}/exec`,
    body: { Cmd: command, AttachStdout: true, AttachStderr: true, User: '0:0' },
    signal,
    doing,
  });
  const started = await engine.send({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: false }, signal, doing });
  const frames = new FrameReader();
  const decoder = new TextDecoder();
  let complaint = '';
  for await (const chunk of chunks(started, { signal, doing })) {
    frames.read(chunk, (stream, bytes, start, end) => {
      if (stream === 'stdout') sink(decoder.decode(bytes.subarray(start, end), { stream: true }));
      else complaint = (complaint + bytes.toString('utf8', start, end)).slice(-limits.commandTailBytes);
    });
  }
  signal?.throwIfAborted();
  const { ExitCode } = await engine.json<{ ExitCode: number | null }>({ path: `/exec/${Id}/json`, signal, doing });
  if (ExitCode === 0) return;
  const full = /no space left on device/i.test(complaint);
  throw new NoodleError({
    code: full ? 'disk-full' : 'engine-refused',
    what: full ? `The engine's disk is full: it could not ${doing}.` : `The engine could not ${doing}.`,
    why: complaint.trim() || `The command left with status ${ExitCode}.`,
    todo: full ? 'Free some space, then run the same command again.' : undefined,
  });
}
