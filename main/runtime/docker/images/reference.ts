/** Image names (distribution/reference). */

/** What Docker Hub is called in docker's own config files. */
export const hubKey = 'https://index.docker.io/v1/';
const hub = 'docker.io';

/** `redis:8` → `docker.io`; `ghcr.io/a/b` → `ghcr.io`; `localhost:5000/a` → `localhost:5000`. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : hub;
}

/** The key of a registry's credentials in docker's config. */
export function credentialKey(image: string): string {
  const registry = registryOf(image);
  return registry === hub || registry === 'index.docker.io' ? hubKey : registry;
}

/** As `POST /images/create` wants it: name, and tag or digest; no tag means `latest`, for without one the engine would pull all. */
export function splitReference(image: string): { readonly name: string; readonly tag: string } {
  const at = image.indexOf('@');
  if (at >= 0) return { name: image.slice(0, at).replace(/:[^/:]+$/, ''), tag: image.slice(at + 1) };
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag ? { name: image.slice(0, -tag.length - 1), tag } : { name: image, tag: 'latest' };
}
