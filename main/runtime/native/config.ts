import { posix } from 'node:path';
import type { ServiceSpec } from '../spec.ts';

/** The content of the spec's config file of that name; undefined when it has none. */
export function configNamed(spec: ServiceSpec, name: string): string | undefined {
  return spec.configs.find(({ target }) => posix.basename(target) === name)?.content;
}
