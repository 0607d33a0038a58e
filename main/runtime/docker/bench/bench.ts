/**
 * A workbench of an engine: a container of the service's own image, with the depot in a volume of its own. It shares
 * the network of the service's container, where the service is to be reached: to the server it is a client on
 * 127.0.0.1, which every server lets replicate that its image set up.
 */
import type { VolumeInspectInfo } from 'dockerode';
import { limits } from '../../../limits.ts';
import type { Bench, Benches, BenchRequest, BenchRun } from '../../bench.ts';
import { toolFailed, toolMissing } from '../../tool-failure.ts';
import { engineName, makeVolume, removeVolume } from '../copies/copies.ts';
import { type Helper, removeHelpers, startHelper } from '../copies/helper.ts';
import type { EngineClient } from '../engine/client.ts';
import { onContainer } from '../instances.ts';
import { label } from '../names.ts';
import { benchFiles } from './files.ts';

const depot = '/noodlebox/depot';
const data = '/noodlebox/data';
const scratch = '/tmp/noodlebox';
/** As the images of servers name the user that theirs runs as. */
const serverUser = 'postgres';
/** What a shell ends with that does not find what it should become. */
const notFound = [126, 127];

export function dockerBenches(engine: EngineClient): Benches {
  return {
    open: (request) => open(engine, request),
    async removeDepot(stack, service) {
      const filters = { label: [`${label.stack}=${stack}`, `${label.depot}=${service}`] };
      const { Volumes } = await engine.json<{ Volumes: VolumeInspectInfo[] | null }>({
        path: '/volumes',
        query: { filters },
        doing: `list the backups of ${service}`,
      });
      for (const { Name } of Volumes ?? []) await removeVolume(engine, Name);
    },
  };
}

async function open(engine: EngineClient, request: BenchRequest): Promise<Bench> {
  const { definition, spec, reaches } = request;
  const labels = { [label.depot]: spec.name };
  await removeHelpers(engine, definition.name, { labels });
  const volume = await depotVolume(engine, definition.name, spec.name);
  if (request.data) await makeVolume(engine, definition.name, request.data);
  const mounts = [
    { volume, target: depot, readOnly: false },
    ...(request.data ? [{ volume: engineName(definition.name, request.data), target: data, readOnly: false }] : []),
  ];
  const networkOf = reaches === undefined ? undefined : await containerId(engine, definition.name, spec.name);
  const helper = await startHelper(engine, definition, mounts, { image: spec.image, networkOf, labels });
  try {
    // The engine makes volumes root's own.
    const doing = `give the places to ${serverUser}`;
    await helper.run(['mkdir', '-m', '700', scratch], doing);
    await helper.run(['chown', serverUser, scratch, ...mounts.map(({ target }) => target)], doing);
  } catch (error) {
    await helper.remove();
    throw error;
  }
  return {
    depot,
    data: request.data ? data : '',
    scratch,
    address: { host: '127.0.0.1', port: reaches?.inside ?? 0 },
    run: (argv, options) => run(helper, argv, options),
    files: benchFiles(helper, depot, serverUser, request.data && data),
    close: () => helper.remove(),
  };
}

async function run(helper: Helper, argv: readonly [string, ...string[]], options: BenchRun): Promise<string> {
  const { doing, env, signal, heard } = options;
  let printed = '';
  // Everything runs as the server's user: what it makes is the server's own.
  const { code, complaint } = await helper.execute(['/bin/sh', '-c', 'umask 077; exec "$@"', 'noodlebox', ...argv], {
    doing,
    user: serverUser,
    env: { LC_ALL: 'C', TZ: 'UTC', ...env },
    signal,
    heard,
    sink: (text) => {
      if (printed.length < limits.commandOutputBytes) printed += text;
      options.printed?.(text);
    },
  });
  if (code === 0) return printed;
  if (notFound.includes(code ?? 0) && /not found/i.test(complaint)) throw toolMissing({ argv, ...options }, 'in the image of the service');
  throw toolFailed({ argv, ...options }, code ?? undefined, complaint);
}

async function containerId(engine: EngineClient, stack: string, service: string): Promise<string> {
  const doing = `look for the container of ${service}`;
  return onContainer(engine, stack, service, async (container) => {
    const { Id } = await engine.json<{ Id: string }>({ path: `/containers/${container}/json`, doing });
    return Id;
  });
}

async function depotVolume(engine: EngineClient, stack: string, service: string): Promise<string> {
  const Name = `${stack}_depot_${service}`;
  const Labels = { [label.stack]: stack, [label.depot]: service };
  await engine.run({ method: 'POST', path: '/volumes/create', body: { Name, Labels }, doing: `create the volume ${Name}` });
  return Name;
}
