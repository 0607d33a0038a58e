/**
 * Moving data from one volume to another without copying them. The `local` driver keeps a volume that has no options as a
 * folder, `<name>/_data`, and all of them side by side (moby, volume/local/local.go). A container that has the folder above
 * mounted gives one volume the `_data` of another, which is a rename. The volumes, with their names and labels, stay.
 *
 * The engine mounts no volume without a `_data`, so a blank one takes the place of what was moved away: an empty folder that
 * nobody may enter. A set's volume begins with a blank one, too. So what is blank, or missing for the moment between two
 * renames, tells after any kill that nothing was moved there, and of two volumes always exactly one has the data.
 */
import { randomBytes } from 'node:crypto';
import type { ContainerInfo, VolumeInspectInfo } from 'dockerode';
import { NoodleError } from '../../../errors.ts';
import type { MovesAtOnce } from '../../copies.ts';
import type { Definition } from '../../spec.ts';
import type { EngineClient } from '../engine/client.ts';
import { EngineRefusal } from '../engine/refusal.ts';
import { listContainers } from '../instances.ts';
import { label } from '../names.ts';
import { type Helper, startHelper } from './helper.ts';
import { blankCommand, heldCommand, moveCommand, probeCommand, volumesFolder } from './move-commands.ts';

type Volume = Pick<VolumeInspectInfo, 'Name' | 'Driver' | 'Options' | 'Mountpoint'>;

/** The folder that holds them all, as the engine's machine calls it; or why there is none. */
export function folderAbove(volumes: readonly Volume[]): { readonly folder: string } | { readonly why: string } {
  const folders = new Set<string>();
  for (const { Name, Driver, Options, Mountpoint } of volumes) {
    // As the engine allows them (moby, volume/local): nothing that could lead out of the folder.
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(Name)) return { why: `the volume ${Name} has a name that is no name of a folder` };
    if (Driver !== 'local') return { why: `the volume ${Name} is kept by the driver ${Driver}` };
    if (Object.keys(Options ?? {}).length > 0) return { why: `the volume ${Name} has options of its own` };
    const end = `/${Name}/_data`;
    if (!Mountpoint.startsWith('/') || !Mountpoint.endsWith(end)) return { why: `the volume ${Name} lies at ${Mountpoint}` };
    folders.add(Mountpoint.slice(0, -end.length));
  }
  const [folder, ...others] = folders;
  if (folder === undefined) return { why: 'none of its volumes is there yet' };
  return others.length === 0 && folder !== '' ? { folder } : { why: 'its volumes do not lie side by side' };
}

/** Whether data can be moved between these volumes, and ones that are made like them, tried with a container. */
export async function movesBetween(engine: EngineClient, definition: Definition, volumes: readonly Volume[]): Promise<MovesAtOnce> {
  const above = folderAbove(volumes);
  if ('why' in above) return { atOnce: false, why: above.why };
  const names = volumes.map(({ Name }) => Name);
  const other = await otherUser(engine, definition, names);
  // It would keep what it has, and write on in what was moved away.
  if (other !== undefined) return { atOnce: false, why: `another container, ${other}, runs on its volumes` };
  const seen = names.map((volume, at) => ({ volume, target: `/noodlebox/${at}`, readOnly: true }));
  const notSeen = (why: string): MovesAtOnce => ({
    atOnce: false,
    why: `a container cannot work in the engine's folder of volumes (${why})`,
  });
  let helper: Helper;
  try {
    helper = await startHelper(engine, definition, [{ folder: above.folder, target: volumesFolder }, ...seen]);
  } catch (error) {
    if (error instanceof EngineRefusal && error.code === 'engine-refused') return notSeen(error.problem.why ?? '');
    throw error;
  }
  try {
    const pairs = seen.flatMap(({ volume, target }) => [volume, target]);
    const command = ['/bin/sh', '-c', probeCommand, 'sh', randomBytes(4).toString('hex'), ...pairs];
    const { code, complaint } = await helper.execute(command, { doing: `look at the volumes of ${definition.name}` });
    return code === 0 ? { atOnce: true } : notSeen(complaint.trim());
  } finally {
    await helper.remove();
  }
}

/** The name of a container that runs on one of these volumes and is none of the stack's services. */
async function otherUser(engine: EngineClient, { name }: Definition, volumes: readonly string[]): Promise<string | undefined> {
  const filters = { volume: volumes, status: ['running', 'paused', 'restarting'] };
  const [running, own] = await Promise.all([
    engine.json<ContainerInfo[]>({ path: '/containers/json', query: { filters }, doing: `look for users of the volumes of ${name}` }),
    listContainers(engine, name),
  ]);
  const others = running.filter(({ Id, Labels }) => Labels[label.helper] === undefined && !own.some((one) => one.Id === Id));
  return others[0]?.Names[0]?.replace(/^\//, '');
}

/** A container that can move data between these volumes. @throws NoodleError engine-refused where that cannot be done */
export async function startMover(engine: EngineClient, definition: Definition, volumes: readonly Volume[]): Promise<Helper> {
  const above = folderAbove(volumes);
  if ('folder' in above) return startHelper(engine, definition, [{ folder: above.folder, target: volumesFolder }]);
  throw new NoodleError({
    code: 'engine-refused',
    what: `The data of ${definition.name} cannot change their place on this engine.`,
    why: `${above.why.slice(0, 1).toUpperCase()}${above.why.slice(1)}.`,
  });
}

/** Makes new volumes ready for being moved to. */
export async function makeBlank(mover: Helper, volumes: readonly string[]): Promise<void> {
  if (volumes.length > 0) await mover.run(['/bin/sh', '-c', blankCommand, 'sh', ...volumes], `prepare ${volumes.join(', ')}`);
}

export async function moveData(mover: Helper, from: string, to: string): Promise<void> {
  await mover.run(['/bin/sh', '-c', moveCommand, 'sh', from, to], `move the data of ${from} to ${to}`);
}

/** Those that have data: not what is blank. */
export async function heldVolumes(mover: Helper, volumes: readonly string[]): Promise<readonly string[]> {
  const parts: string[] = [];
  const command = ['/bin/sh', '-c', heldCommand, 'sh', ...volumes];
  await mover.run(command, 'look where the data are', { sink: (part) => void parts.push(part) });
  return parts
    .join('')
    .split('\n')
    .filter((name) => name !== '');
}
