import { access, constants, mkdir, statfs } from 'node:fs/promises';
import type { DoctorFinding } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { CoreContext } from './context.ts';
import { openDockerRuntime } from './runtimes.ts';
import { serverFindings } from './servers.ts';

/** What this machine has and lacks, each lack with the one command that mends it. */
export async function findings(core: CoreContext, signal?: AbortSignal): Promise<readonly DoctorFinding[]> {
  const [engine, home, disk, servers] = await Promise.all([
    engineFinding(core),
    homeFinding(core),
    diskFinding(core),
    serverFindings(core),
  ]);
  signal?.throwIfAborted();
  // Nobody misses a native server while an engine runs its image.
  const native = engine.level === 'ok' ? servers.map((finding): DoctorFinding => ({ ...finding, level: 'ok' })) : servers;
  return [nodeFinding(), engine, home, disk, ...native];
}

function nodeFinding(): DoctorFinding {
  return { name: 'Node.js', level: 'ok', message: `${process.version} on ${process.platform}/${process.arch}`, command: null };
}

async function engineFinding(core: CoreContext): Promise<DoctorFinding> {
  try {
    const runtime = await openDockerRuntime(core);
    const { title, endpoint } = await runtime.info();
    await runtime.close();
    return { name: 'container engine', level: 'ok', message: `${title} at ${endpoint}`, command: null };
  } catch (error) {
    const { problem } = asNoodleError(error);
    const message = [problem.what, 'The servers run as processes instead.', problem.why].filter(Boolean).join(' ');
    return { name: 'container engine', level: 'warn', message, command: problem.command ?? null };
  }
}

async function homeFinding(core: CoreContext): Promise<DoctorFinding> {
  try {
    await mkdir(core.home, { recursive: true, mode: 0o700 });
    await access(core.home, constants.W_OK);
    return { name: 'data home', level: 'ok', message: core.home, command: null };
  } catch (error) {
    return { name: 'data home', level: 'error', message: `${core.home} cannot be written: ${(error as Error).message}`, command: null };
  }
}

async function diskFinding(core: CoreContext): Promise<DoctorFinding> {
  const { bavail, bsize } = await statfs(core.home).catch(() => ({ bavail: 0, bsize: 0 }));
  const free = bavail * bsize;
  const message = `${(free / 2 ** 30).toFixed(1)} GiB free at ${core.home}`;
  return { name: 'disk', level: free < limits.diskWanted ? 'warn' : 'ok', message, command: null };
}
