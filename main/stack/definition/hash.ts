import { createHash } from 'node:crypto';
import type { ServiceSpec } from '../../runtime/spec.ts';

/** sha256 (hex) of everything an instance is created from: two specs of one hash make the same instance. */
export function specHash(spec: ServiceSpec): string {
  // Profiles and dependencies say when it is started, not what it is.
  const { profiles: _, dependsOn: __, ...made } = spec;
  return createHash('sha256')
    .update(JSON.stringify(sorted(made)))
    .digest('hex');
}

/** The same value with every object's keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
