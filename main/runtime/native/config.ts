import { posix } from 'node:path';
import type { ServiceSpec } from '../spec.ts';

/** The content of the spec's config file of that name; undefined when it has none. */
export function configNamed(spec: Pick<ServiceSpec, 'configs'>, name: string): string | undefined {
  return spec.configs.find(({ target }) => posix.basename(target) === name)?.content;
}

/** A config of one setting a line without the settings of these names. @param separator between a name and its value */
export function withoutSettings(content: string, names: readonly string[], separator: RegExp): string {
  const dropped = new Set(names.map((name) => name.toLowerCase()));
  return content
    .split('\n')
    .filter((line) => !dropped.has(line.trim().split(separator, 1)[0]!.trim().toLowerCase()))
    .join('\n');
}
