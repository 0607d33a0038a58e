/**
 * A container that stands by with volumes mounted and runs commands on them. It is made from an image of the
 * stack that is on the engine already, so nothing is pulled; it works with engines of other machines, and where
 * the engine's volumes cannot be reached from here.
 */
import { randomBytes } from 'node:crypto';
import type { ContainerInfo } from 'dockerode';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Definition } from '../../spec.ts';
import { chunks, type EngineClient } from '../engine/client.ts';
import { refusedWith } from '../engine/refusal.ts';
import { FrameReader } from '../logs/frames.ts';
import { label } from '../names.ts';

export type HelperMount =
  /** A volume, by its name in the engine. */
  | { readonly volume: string; readonly target: string; readonly readOnly: boolean }
  /** A folder of the engine's machine that has to be there, without what is mounted below it; it can be written to. */
  | { readonly folder: string; readonly target: string };

export interface Helper {
  /** Runs a command that has to succeed, as root unless it is said otherwise. @throws NoodleError disk-full, engine-refused with its last words */
  run(command: readonly string[], doing: string, options?: Omit<HelperRun, 'doing'>): Promise<void>;
  /** Runs a command and tells how it ended. */
  execute(command: readonly string[], options: HelperRun): Promise<{ readonly code: number | null; readonly complaint: string }>;
  remove(): Promise<void>;
}

export interface HelperRun {
  readonly doing: string;
  /** Default: root. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What it prints, as it comes. */
  readonly sink?: (text: string) => void;
  /** What it says on its standard error, as it comes. */
  readonly heard?: (text: string) => void;
}

/**
 * @param more the image of one service instead of any of the stack, and a container whose network it shares instead of none
 * @throws NoodleError image-unavailable
 */
export async function startHelper(
  engine: EngineClient,
  definition: Definition,
  mounts: readonly HelperMount[],
  more: { readonly image?: string; readonly networkOf?: string; readonly labels?: Readonly<Record<string, string>> } = {},
): Promise<Helper> {
  const doing = `prepare working on the volumes of ${definition.name}`;
  const name = `${definition.name}-noodlebox-copy-${randomBytes(4).toString('hex')}`;
  const body = {
    Image: more.image ?? (await imageAtHand(engine, definition)),
    Entrypoint: ['/bin/sh', '-c', `sleep ${limits.copyHelperLife / 1000}`],
    Cmd: [],
    User: '0:0',
    WorkingDir: '/',
    Healthcheck: { Test: ['NONE'] },
    Labels: { ...more.labels, [label.helper]: definition.name },
    HostConfig: {
      AutoRemove: true,
      Init: true,
      NetworkMode: more.networkOf === undefined ? 'none' : `container:${more.networkOf}`,
      Mounts: mounts.map(mountOf),
    },
  };
  await engine.run({ method: 'POST', path: '/containers/create', query: { name }, body, doing });
  try {
    await engine.run({ method: 'POST', path: `/containers/${name}/start`, doing });
  } catch (error) {
    await removeContainer(engine, name);
    throw error;
  }
  const run = (command: readonly string[], options: HelperRun) => execute(engine, name, command, options);
  return {
    execute: run,
    async run(command, what, options) {
      const { code, complaint } = await run(command, { ...options, doing: what });
      if (code !== 0) throw failed(what, code, complaint);
    },
    remove: () => removeContainer(engine, name),
  };
}

function mountOf(mount: HelperMount): object {
  if ('folder' in mount) return { Type: 'bind', Source: mount.folder, Target: mount.target, BindOptions: { NonRecursive: true } };
  const { volume, target, readOnly } = mount;
  return { Type: 'volume', Source: volume, Target: target, ReadOnly: readOnly, VolumeOptions: { NoCopy: true } };
}

/** Which of a stack's helpers: those to whom all of this applies. */
export interface WhichHelpers {
  readonly labels?: Readonly<Record<string, string>>;
  /** They have one of these. */
  readonly volumes?: readonly string[];
  /** Only those that copy, and of them those that work aside (`OpenPlaces`), or all others. A bench has a lock of its own. */
  readonly aside?: boolean;
}

/** Ends helpers that a killed process left. */
export async function removeHelpers(engine: EngineClient, stack: string, { labels = {}, volumes, aside }: WhichHelpers): Promise<void> {
  const own = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const filters = { label: [`${label.helper}=${stack}`, ...own], ...(volumes && { volume: volumes }) };
  const left = await engine.json<ContainerInfo[]>({
    path: '/containers/json',
    query: { all: true, filters },
    doing: `look for leftovers of ${stack}`,
  });
  const meant = left.filter(({ Labels }) => {
    return aside === undefined || (Labels[label.depot] === undefined && (Labels[label.aside] !== undefined) === aside);
  });
  await Promise.all(meant.map(({ Id }) => removeContainer(engine, Id)));
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
  { doing, user = '0:0', env = {}, signal, sink, heard }: HelperRun,
): Promise<{ readonly code: number | null; readonly complaint: string }> {
  const Env = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: `/containers/${container}/exec`,
    body: { Cmd: command, AttachStdout: true, AttachStderr: true, User: user, Env },
    signal,
    doing,
  });
  const started = await engine.send({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: false }, signal, doing });
  const frames = new FrameReader();
  const decoder = new TextDecoder();
  let complaint = '';
  for await (const chunk of chunks(started, { signal, doing })) {
    frames.read(chunk, (stream, bytes, start, end) => {
      if (stream === 'stdout') return sink?.(decoder.decode(bytes.subarray(start, end), { stream: true }));
      const text = bytes.toString('utf8', start, end);
      complaint = (complaint + text).slice(-limits.commandTailBytes);
      heard?.(text);
    });
  }
  signal?.throwIfAborted();
  const { ExitCode } = await engine.json<{ ExitCode: number | null }>({ path: `/exec/${Id}/json`, signal, doing });
  return { code: ExitCode, complaint };
}

function failed(doing: string, code: number | null, complaint: string): NoodleError {
  const full = /no space left on device/i.test(complaint);
  return new NoodleError({
    code: full ? 'disk-full' : 'engine-refused',
    what: full ? `The engine's disk is full: it could not ${doing}.` : `The engine could not ${doing}.`,
    why: complaint.trim() || `The command left with status ${code}.`,
    todo: full ? 'Free some space, then run the same command again.' : undefined,
  });
}
