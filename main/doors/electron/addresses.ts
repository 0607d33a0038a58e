/** Where the window may go, and what it may hand to the browser: pure decisions. */

/** The window is served under a scheme of its own, so that it has an origin and no server. */
export const scheme = 'app';
export const windowUrl = `${scheme}://noodlebox/`;

/** Hosts whose pages may be opened in the person's browser; https only. */
const trustedHosts: ReadonlySet<string> = new Set([
  'docs.docker.com',
  'nodejs.org',
  'pulsar.apache.org',
  'redis.io',
  'www.mongodb.com',
  'www.postgresql.org',
  'docs.influxdata.com',
]);

/** The window stays on its own pages. */
export function mayNavigate(url: string): boolean {
  return URL.canParse(url) && originOf(url) === originOf(windowUrl);
}

/** A link that leads out: to the browser, and only to where documentation is. */
export function mayOpenOutside(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  return protocol === 'https:' && trustedHosts.has(hostname) && username === '' && password === '';
}

/** `URL.origin` is "null" for schemes that are not the web's, so it is put together here. */
function originOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
