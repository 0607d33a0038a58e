/** `persistent://tenant/namespace/name` in its parts. */
export function partsOf(topic: string): { readonly namespace: string; readonly name: string } {
  const path = topic.replace(/^persistent:\/\//, '');
  const slash = path.indexOf('/', path.indexOf('/') + 1);
  return { namespace: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** The topic as it is told: by its name alone in the stack's own namespace. */
export function shortName(topic: string): string {
  const { namespace, name } = partsOf(topic);
  return namespace === 'public/default' ? name : `${namespace}/${name}`;
}
