/** What an engine says when it will not, as errors a person can act on. */
import { NoodleError, type Problem } from '../../../errors.ts';

/** The engine answered with an HTTP error. `status` is there for callers to whom 304, 404 or 409 is no error. */
export class EngineRefusal extends NoodleError {
  readonly status: number;

  constructor(status: number, message: string, doing: string) {
    super(refusalProblem(status, message, doing));
    this.status = status;
  }
}

/** True for an EngineRefusal of one of these statuses. */
export function refusedWith(thrown: unknown, ...statuses: readonly number[]): thrown is EngineRefusal {
  return thrown instanceof EngineRefusal && statuses.includes(thrown.status);
}

/**
 * The engine's own sentence, sorted by what a person can do about it. The sentences are those of
 * moby (daemon, libnetwork's port allocator, the Linux bind errors it passes on) and of Podman.
 */
export function refusalProblem(status: number, message: string, doing: string): Problem {
  const why = sentence(message || `It answered with HTTP status ${status} and no message.`);
  if (/no space left on device/i.test(message)) {
    return {
      code: 'disk-full',
      what: `The engine's disk is full: it could not ${doing}.`,
      why,
      todo: 'Free some space, for example from images nobody uses, then run the same command again.',
      command: 'docker system prune',
    };
  }
  const port = takenPort(message);
  if (port !== undefined) {
    return {
      code: 'port-taken',
      what: `Port ${port} is taken: the engine could not ${doing}.`,
      why,
      todo: 'Stop what uses the port, or let the stack have another one.',
    };
  }
  if (status === 404 && /no such image/i.test(message)) {
    return {
      code: 'image-unavailable',
      what: `The image is not on the engine: it could not ${doing}.`,
      why,
      todo: 'Bring the stack up again, so that the image is pulled.',
    };
  }
  return { code: 'engine-refused', what: `The engine refused to ${doing}.`, why };
}

/** The engine could not be reached, or went away in the middle. */
export function engineLost(cause: unknown, doing: string): NoodleError {
  const why = sentence(cause instanceof Error ? cause.message || cause.name : String(cause));
  return new NoodleError(
    {
      code: 'engine-lost',
      what: `The container engine went away: could not ${doing}.`,
      why,
      todo: 'See that the engine runs, then run the same command again: it goes on from here.',
      command: 'docker info',
    },
    { cause },
  );
}

/** The host port an engine's message says is in use: "Bind for 127.0.0.1:5432 failed: port is already allocated", "listen tcp4 127.0.0.1:5432: bind: address already in use". */
function takenPort(message: string): string | undefined {
  if (!/port is already allocated|address already in use|ports are not available|only one usage of each socket address/i.test(message))
    return undefined;
  return /:(\d{1,5})(?=[^\d.:]|:? )/.exec(message)?.[1] ?? 'of the service';
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
