/** Which files of a volume hold nothing, by what the servers that mount it say of theirs. */
import { posix } from 'node:path';
import type { Needless } from '../runtime/copies.ts';
import type { Definition } from '../runtime/spec.ts';
import { kindOf } from './registry.ts';

export function needlessIn({ services }: Pick<Definition, 'services'>, volume: string): readonly Needless[] {
  return Object.values(services).flatMap(({ kind, mounts }) => {
    const rule: Needless | undefined = kind && kindOf(kind).needless;
    if (!rule) return [];
    return mounts.flatMap((mount) => {
      if (mount.type !== 'volume' || mount.source !== volume) return [];
      const folder = posix.relative(mount.target, rule.folder);
      return folder === '..' || folder.startsWith('../') ? [] : [{ ...rule, folder: folder || '.' }];
    });
  });
}
