/** An instance as its server sees it: folders for container paths, ports on this machine. */
import { join, posix } from 'node:path';
import { NoodleError } from '../../errors.ts';
import type { InstanceRecord } from './records.ts';
import type { NativeInstance } from './server.ts';

/** @param internalPorts the server's own ports, by name */
export function nativeInstance(
  stack: string,
  folder: string,
  { spec, mounts }: Pick<InstanceRecord, 'spec' | 'mounts'>,
  internalPorts: Readonly<Record<string, number>>,
): NativeInstance {
  return {
    stack,
    spec,
    folder,
    mounted: (path) => mounted(folder, mounts, path).path,
    published(target) {
      const port = spec.ports.find((one) => one.target === target)?.published;
      if (port !== undefined) return port;
      throw new NoodleError({
        code: 'definition-invalid',
        what: `${spec.name} publishes no port for ${target}.`,
        why: 'A process of this machine listens on the published port itself.',
        todo: `Add "127.0.0.1:${target}:${target}" to the ports of ${spec.name}.`,
      });
    },
    internal(name) {
      const port = internalPorts[name];
      if (port === undefined) throw new NoodleError({ code: 'internal', what: `${spec.name} has no port named ${name}.` });
      return port;
    },
  };
}

/**
 * The path that stands for a container path: in the volume mounted there, else in the instance's own folder.
 * `root` is the folder that nothing may lead out of.
 */
export function mounted(
  folder: string,
  mounts: InstanceRecord['mounts'],
  containerPath: string,
): { readonly root: string; readonly path: string } {
  const path = posix.normalize(`/${containerPath}`).replace(/(.)\/$/, '$1');
  const holding = mounts
    .filter(({ target }) => path === target || path.startsWith(target === '/' ? '/' : `${target}/`))
    .sort((a, b) => b.target.length - a.target.length)[0];
  if (holding) return { root: holding.folder, path: join(holding.folder, posix.relative(holding.target, path)) };
  const root = join(folder, 'files');
  return { root, path: join(root, path) };
}
