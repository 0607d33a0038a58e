/** Bundles (`main/backup/bundles`) put together with the stack, or the servers, that they are taken of. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PullServer } from '../../preload/contract/pull.ts';
import type { BundleOrigin, BundleStore } from '../backup/bundles/gather.ts';
import type { Run } from '../backup/bundles/steps.ts';
import { NoodleError } from '../errors.ts';
import { readText } from '../home/files.ts';
import type { SpoolFolder } from '../home/spool-folder.ts';
import { limits } from '../limits.ts';
import type { ServiceSpec } from '../runtime/spec.ts';
import type { Connection } from '../services/kind.ts';
import { kindOf } from '../services/registry.ts';
import { type CoreContext, connectionTo, instanceOf, type StackContext } from './context.ts';
import type { Bundle, BundleWanted, RunOptions } from './core.ts';
import { openStack } from './open.ts';
import { openNativeRuntime } from './runtimes.ts';

/** Masks made with the same value here are the same in several bundles; it never stands in one. */
const keyVariable = 'NOODLEBOX_MASK_KEY';

/** @throws NoodleError bad-argument for one that can be guessed: whoever does can try values out */
function maskKeyOf({ env }: CoreContext): string | undefined {
  const key = env[keyVariable] || undefined;
  if (key === undefined || Buffer.byteLength(key) >= limits.maskKeyBytes) return key;
  throw new NoodleError({
    code: 'bad-argument',
    what: `${keyVariable} is too short.`,
    why: `With fewer than ${limits.maskKeyBytes} bytes it could be guessed, and masked values tried out.`,
    todo: 'Give a longer one, or leave it out: each bundle then has a key of its own.',
  });
}

export async function bundleOf(context: StackContext, spool: SpoolFolder, request: BundleWanted, run: RunOptions): Promise<Bundle> {
  const observed = await context.runtime.observe(context.definition, run.signal);
  const specs = Object.values(context.definition.services).filter((spec) => spec.kind !== undefined);
  const running = specs.filter((spec) => instanceOf(observed, spec.name)?.state === 'running');
  for (const { name } of specs.filter((spec) => !running.includes(spec))) {
    run.onEvent({ type: 'notice', level: 'warn', message: `${name} does not run: nothing of it is in the bundle.` });
  }
  if (running.length === 0) {
    throw new NoodleError({
      code: 'service-unreachable',
      what: `Nothing of ${context.name} runs.`,
      todo: 'Start it.',
      command: `noodlebox up --stack ${context.name}`,
    });
  }
  return gathered(
    {
      stack: context.name,
      runtime: context.runtime.kind,
      compose: context.record.file === null ? null : ((await readText(context.record.file)) ?? null),
      stores: running.map((spec): BundleStore => {
        const connection = connectionTo(context, spec, instanceOf(observed, spec.name))!;
        return {
          service: spec.name,
          kind: spec.kind!,
          image: spec.image,
          async migrations() {
            const target = await (await kindOf(spec.kind!).access()).seedTarget(connection);
            try {
              const applied = (await target.ledger()).filter(({ state }) => state === 'applied');
              return applied.map(({ id, checksum, at }) => ({ id, checksum, appliedAt: at, state: 'applied' }));
            } finally {
              await target.close();
            }
          },
          async open(signal) {
            const tools = context.runtime.tools(context.name, spec);
            return (await kindOf(spec.kind!).access()).portionSource(connection, { signal, foreign: false, tools });
          },
        };
      }),
      spool: () => spool.path(),
      maskKey: maskKeyOf(context.core),
    },
    request,
    run,
  );
}

/** @param from a file in the form of .env; the servers themselves; undefined: the environment */
export async function pullFrom(
  core: CoreContext,
  spool: SpoolFolder,
  from: string | readonly PullServer[] | undefined,
  request: BundleWanted,
  run: RunOptions,
): Promise<Bundle> {
  const { told, withoutSecrets } = await import('../backup/bundles/foreign.ts');
  // Certificates lie here as long as servers are read: pg_dump wants a file of them.
  const folder = await mkdtemp(join(await spool.path(), 'pull-'));
  try {
    const servers = await serversFrom(core, from, folder);
    const origin: BundleOrigin = {
      stack: null,
      runtime: null,
      compose: null,
      stores: servers.map((connection) => foreignStore(core, connection, told)),
      spool: () => spool.path(),
      maskKey: maskKeyOf(core),
    };
    return await withoutSecrets(servers, run, (guarded) => gathered(origin, request, guarded));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function serversFrom(
  core: CoreContext,
  from: string | readonly PullServer[] | undefined,
  folder: string,
): Promise<readonly Connection[]> {
  if (typeof from === 'object') return (await import('../backup/bundles/given.ts')).serversGiven(from, folder);
  const [{ serversInEnvironment, serversInFile }, { withAuthorities }] = await Promise.all([
    import('../backup/bundles/servers.ts'),
    import('../backup/bundles/authorities.ts'),
  ]);
  return withAuthorities(from === undefined ? serversInEnvironment(core.env) : serversInFile(await secretText(from)));
}

type Told = typeof import('../backup/bundles/foreign.ts')['told'];

function foreignStore(core: CoreContext, connection: Connection, told: Told): BundleStore {
  const { kind } = connection;
  return {
    service: kind,
    kind,
    image: null,
    migrations: async () => null,
    async open(signal) {
      // Tools of this machine: there is no container of that server here.
      const runtime = await openNativeRuntime(core);
      try {
        const spec = await ownSpec(core, kind);
        const tools = {
          address: async () => ({ host: connection.host, port: connection.port }),
          run: runtime.tools('noodlebox', spec).run,
        };
        const access = await kindOf(kind).access();
        const source = await told(connection, access.portionSource(connection, { signal, foreign: true, tools }));
        const { reach } = source;
        return {
          ...source,
          outline: (stop) => told(connection, source.outline(stop)),
          ...(reach ? { reach: (wanted, work) => told(connection, reach(wanted, work)) } : {}),
          read: (ids, to, work) => told(connection, source.read(ids, to, work)),
          async close() {
            await source.close();
            await runtime.close();
          },
        };
      } catch (error) {
        await runtime.close();
        throw error;
      }
    },
  };
}

/** The service of that kind in Noodlebox's own definition: it names the version whose tools are wanted. */
async function ownSpec(core: CoreContext, kind: Connection['kind']): Promise<ServiceSpec> {
  const own = await openStack(core, { stack: 'noodlebox-pull', runtime: 'native' });
  await own.runtime.close();
  return Object.values(own.definition.services).find((spec) => spec.kind === kind)!;
}

/** A file that holds passwords. @throws NoodleError not-found, bad-argument when others may read it */
export async function secretText(file: string): Promise<string> {
  const path = file.replace(/^~(?=\/)/, homedir());
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new NoodleError({ code: 'not-found', what: `There is no file ${file}.` });
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `Others on this machine may read ${file}, and it holds secrets.`,
      todo: 'Let it be read by yourself alone.',
      command: `chmod 600 ${file}`,
    });
  }
  return readFile(path, 'utf8');
}

async function gathered(origin: BundleOrigin, request: BundleWanted, run: Run): Promise<Bundle> {
  const [{ gather }, { writeBundle }] = await Promise.all([import('../backup/bundles/gather.ts'), import('../backup/bundles/file.ts')]);
  const taken = await gather(origin, request, run);
  return {
    about: taken.about,
    write: (file, lock, writing) => writeBundle(file, taken, lock, writing),
    discard: () => taken.spool.remove(),
  };
}
