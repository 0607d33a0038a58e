import { NoodleError } from '../errors.ts';
import type { Definition, ServiceSpec } from '../runtime/spec.ts';

/**
 * The chosen services and everything they depend on, dependencies first. None chosen: all.
 * @throws NoodleError unknown-service
 */
export function withDependencies(definition: Definition, chosen: readonly string[]): readonly ServiceSpec[] {
  const ordered = new Map<string, ServiceSpec>();
  const visit = (name: string): void => {
    if (ordered.has(name)) return;
    const spec = serviceOf(definition, name);
    for (const dependency of Object.keys(spec.dependsOn)) visit(dependency);
    ordered.set(name, spec);
  };
  for (const name of chosen.length > 0 ? chosen : Object.keys(definition.services)) visit(name);
  return [...ordered.values()];
}

/** The chosen services and everything that depends on them, dependants first. None chosen: all. */
export function withDependants(definition: Definition, chosen: readonly string[]): readonly ServiceSpec[] {
  const wanted = new Set(chosen.length > 0 ? chosen.map((name) => serviceOf(definition, name).name) : Object.keys(definition.services));
  for (const spec of withDependencies(definition, [])) {
    if (Object.keys(spec.dependsOn).some((dependency) => wanted.has(dependency))) wanted.add(spec.name);
  }
  return withDependencies(definition, [])
    .filter((spec) => wanted.has(spec.name))
    .reverse();
}

/** @throws NoodleError unknown-service, naming those there are */
export function serviceOf(definition: Definition, name: string): ServiceSpec {
  const spec = Object.hasOwn(definition.services, name) ? definition.services[name] : undefined;
  if (spec) return spec;
  throw new NoodleError({
    code: 'unknown-service',
    what: `There is no service "${name}" in this stack.`,
    why: `${definition.file} has: ${Object.keys(definition.services).join(', ')}.`,
    todo: 'Name one of those.',
  });
}
