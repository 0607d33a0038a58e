/** An id everywhere in the cache: in keys, in strings and in hashes. Names of the palette. */
import { limits } from '../../limits.ts';
import { abortable } from '../connect.ts';
import type { SessionFinding, SessionName } from '../kind.ts';
import { anyCaseGlob, escapedGlob, nameOf } from './bytes.ts';
import { keysOf } from './keys/scan-batches.ts';
import { type Argv, asArray, asBytes, asNumber, asRecord, asText, type RedisLink } from './link.ts';
import { keyPrefixes } from './repositories.ts';

type Found = { findings: SessionFinding[]; cut: boolean };

/** What was found when the time is up is told, and that it was cut. */
export async function traceId(link: RedisLink, id: string, signal: AbortSignal): Promise<Found> {
  const found = new Map<string, SessionFinding>();
  const isFull = () => found.size >= limits.traceFindings;
  const needle = Buffer.from(id);
  try {
    // The stack's own keys first: they are known by name, and need no scan.
    await takeKeys(
      link,
      Object.values(keyPrefixes).map((prefix) => Buffer.from(`${prefix}:${id}`)),
      id,
      found,
      signal,
    );
    const anywhere = { match: Buffer.concat([Buffer.from('*'), escapedGlob(needle), Buffer.from('*')]) };
    for await (const keys of keysOf(link, anywhere, signal)) {
      if (isFull()) break;
      await takeKeys(link, keys, id, found, signal);
    }
    for await (const keys of keysOf(link, { type: 'string' }, signal)) {
      if (isFull()) break;
      await takeStrings(link, keys, needle, id, found, signal);
    }
    for await (const keys of keysOf(link, { type: 'hash' }, signal)) {
      if (isFull()) break;
      await takeHashes(link, keys, needle, found, signal);
    }
  } catch (error) {
    if (!signal.aborted || found.size === 0) throw error;
    return { findings: [...found.values()].slice(0, limits.traceFindings), cut: true };
  }
  const findings = [...found.values()];
  return { findings: findings.slice(0, limits.traceFindings), cut: isFull() };
}

/** Key prefixes, and keys, whose name contains a text. */
export async function findNames(link: RedisLink, text: string, signal: AbortSignal): Promise<SessionName[]> {
  if (text === '') return [];
  const prefixes = new Map<string, number>();
  const keys: string[] = [];
  const wanted = text.toLowerCase();
  try {
    for await (const batch of keysOf(link, { match: anyCaseGlob(text) }, signal)) {
      for (const key of batch) {
        const name = nameOf(key);
        const colon = name.indexOf(':');
        if (colon > 0 && name.slice(0, colon).toLowerCase().includes(wanted)) {
          const prefix = name.slice(0, colon + 1);
          prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + 1);
        } else if (keys.length < limits.lookupNames) keys.push(name);
      }
      if (keys.length >= limits.lookupNames && prefixes.size > 0) break;
      if (prefixes.size >= limits.lookupNames) break;
    }
  } catch (error) {
    // Time is up: what was found is told.
    if (!signal.aborted) throw error;
  }
  const byCount = [...prefixes].sort((a, b) => b[1] - a[1]).map(([prefix]): SessionName => ({ what: 'key prefix', name: `${prefix}*`, search: { text: `${prefix}*` } })); // biome-ignore format: a name a line
  return [...byCount, ...keys.map((key): SessionName => ({ what: 'key', name: key, search: { key } }))].slice(0, limits.lookupNames);
}

async function takeKeys(
  link: RedisLink,
  keys: readonly Buffer[],
  id: string,
  found: Map<string, SessionFinding>,
  signal: AbortSignal,
): Promise<void> {
  const replies = await link.pipeline(keys.flatMap((key): Argv[] => [['TYPE', key], ['GETRANGE', key, 0, limits.cacheTraceContent - 1]]), signal); // biome-ignore format: one key a line
  for (const [at, key] of keys.entries()) {
    const type = asText(replies[at * 2]);
    if (type === 'none') continue;
    const value = replies[at * 2 + 1];
    const name = nameOf(key);
    const own = name.slice(name.indexOf(':') + 1) === id;
    const content = value instanceof Error ? JSON.stringify({ type }) : contentOf(asBytes(value));
    if (!found.has(name)) found.set(name, finding(name, own ? 'its own id' : 'in the key', content));
  }
}

async function takeStrings(
  link: RedisLink,
  keys: readonly Buffer[],
  needle: Buffer,
  id: string,
  found: Map<string, SessionFinding>,
  signal: AbortSignal,
): Promise<void> {
  const values = await link.pipeline(
    keys.map((key): Argv => ['GETRANGE', key, 0, limits.cacheTraceBytes - 1]),
    signal,
  );
  for (const [at, key] of keys.entries()) {
    const value = values[at];
    if (value instanceof Error || !asBytes(value).includes(needle)) continue;
    const name = nameOf(key);
    if (!found.has(name)) found.set(name, finding(name, relationIn(asBytes(value), id), contentOf(asBytes(value))));
  }
}

async function takeHashes(
  link: RedisLink,
  keys: readonly Buffer[],
  needle: Buffer,
  found: Map<string, SessionFinding>,
  signal: AbortSignal,
): Promise<void> {
  const sizes = await link.pipeline(
    keys.map((key): Argv => ['HLEN', key]),
    signal,
  );
  const small = keys.filter((_, at) => (asNumber(sizes[at]) ?? 0) <= limits.cacheTraceFields);
  for (const key of small) {
    const name = nameOf(key);
    if (found.has(name)) continue;
    const fields = asArray(await abortable(link.call('HGETALL', key), signal));
    const at = fields.findIndex((part) => asBytes(part).includes(needle));
    if (at < 0) continue;
    const record = Object.fromEntries(
      Object.entries(asRecord(fields)).map(([field, value]) => [field, nameOf(asBytes(value).subarray(0, 200))]),
    );
    const relation = at % 2 === 1 ? `as ${nameOf(asBytes(fields[at - 1]))}` : 'in a field';
    found.set(
      name,
      finding(
        name,
        asBytes(fields[at]).equals(needle) || at % 2 === 0 ? relation : `in ${relation.slice(3)}`,
        JSON.stringify(record).slice(0, limits.cacheTraceContent),
      ),
    );
  }
}

function finding(name: string, relation: string, content: string): SessionFinding {
  const colon = name.indexOf(':');
  return {
    what: 'key',
    place: colon > 0 ? `${name.slice(0, colon)}:*` : 'keys',
    name,
    relation,
    time: timeIn(content),
    content,
    search: { key: name },
  };
}

/** "as project_id" where a field of a JSON object is the id, "in the value" elsewhere. */
export function relationIn(value: Buffer, id: string): string {
  const object = parsed(value.toString('utf8'));
  if (typeof object !== 'object' || object === null) return value.equals(Buffer.from(id)) ? 'as the value' : 'in the value';
  const field = Object.entries(object).find(([, each]) => each === id);
  return field ? `as ${field[0]}` : 'in the value';
}

/** When it came about, as far as its JSON says. */
function timeIn(content: string): number | null {
  const object = parsed(content);
  if (typeof object !== 'object' || object === null) return null;
  for (const name of ['created_at', 'updated_at', 'timestamp', 'time']) {
    const value = (object as Record<string, unknown>)[name];
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(time)) return time;
  }
  return null;
}

/** JSON as it stands; anything else as a JSON string. */
function contentOf(value: Buffer): string {
  const text = value.toString('utf8');
  if (parsed(text) !== undefined) return text;
  return JSON.stringify(nameOf(value).slice(0, limits.cacheTraceContent));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
