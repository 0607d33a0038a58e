/** Who may come in: pure decisions on what a request says of itself. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const cookieName = 'noodlebox';

/** A link is good for one entry within this time (ms). */
const linkLife = 10 * 60_000;
/** Sessions kept; the oldest goes. */
const sessionsKept = 50;

/** One-time links and the sessions they led to. Only hashes are kept, compared in constant time. */
export class Doorkeeper {
  private readonly links = new Map<string, number>();
  private readonly sessions = new Set<string>();

  /** @returns a token for one entry */
  newLink(now = Date.now()): string {
    for (const [hash, until] of this.links) if (until < now) this.links.delete(hash);
    const token = randomBytes(32).toString('base64url');
    this.links.set(hashed(token), now + linkLife);
    return token;
  }

  /** Uses a link up. @returns the cookie's value; undefined for a link that is unknown, used or too old */
  enter(token: string, now = Date.now()): string | undefined {
    const found = find(this.links.keys(), hashed(token));
    if (!found) return undefined;
    const until = this.links.get(found)!;
    this.links.delete(found);
    if (until < now) return undefined;
    const session = randomBytes(32).toString('base64url');
    this.sessions.add(hashed(session));
    if (this.sessions.size > sessionsKept) this.sessions.delete(this.sessions.values().next().value!);
    return session;
  }

  knows(headers: IncomingHttpHeaders): boolean {
    const session = cookieOf(headers.cookie);
    return session !== undefined && find(this.sessions, hashed(session)) !== undefined;
  }
}

/** The Host header must name this very server: another name that leads here is a rebinding attack. */
export function hostAllowed(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`;
}

/** A page of this server opened the connection, and no other. */
export function originAllowed(headers: IncomingHttpHeaders, port: number): boolean {
  return hostAllowed(headers, port) && headers.origin === `http://${headers.host}`;
}

export function sameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(hashed(given)), Buffer.from(hashed(secret)));
}

function cookieOf(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName && value) return value;
  }
  return undefined;
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Looks at all of them, whether or not one fits. */
function find(hashes: Iterable<string>, wanted: string): string | undefined {
  let found: string | undefined;
  for (const hash of hashes) if (timingSafeEqual(Buffer.from(hash), Buffer.from(wanted))) found = hash;
  return found;
}
