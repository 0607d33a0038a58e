/** Elements of a hash, list, set, sorted set or stream, page by page. */
import type { ElementFilter, ElementRow } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, globOf, nameOf, shownBytes } from '../bytes.ts';
import { type Argv, asArray, asBytes, asNumber, asText, type RedisLink, type Reply } from '../link.ts';

export interface ElementPage {
  readonly rows: ElementRow[];
  /** Where the next page begins; null: that was all. */
  readonly next: string | null;
  /** Elements of the key, whatever the filter. */
  readonly total: number;
}

interface Asked {
  readonly link: RedisLink;
  readonly key: Buffer;
  readonly cursor: string;
  readonly count: number;
  readonly filter: ElementFilter;
  /** Names and values are cut here, bytes. */
  readonly longest: number;
}

type Reader = (asked: Asked) => Promise<ElementPage>;

/**
 * @param longest values are cut here, bytes
 * @throws NoodleError not-found (the key has gone), not-supported-by-server (a type without elements)
 */
export async function readElements(
  link: RedisLink,
  key: string,
  cursor: string,
  count: number,
  filter: ElementFilter,
  longest: number = limits.cacheCellBytes,
): Promise<ElementPage> {
  const bytes = bytesOf(key);
  const type = await link.text('TYPE', bytes);
  const reader = readers[type ?? ''];
  if (reader) return reader({ link, key: bytes, cursor, count: await affordable(link, bytes, type!, count), filter, longest });
  if (type === 'none') throw gone();
  throw new NoodleError({ code: 'not-supported-by-server', what: `A ${type} has no elements to be listed.` });
}

/** Fewer elements at once where they are large: a page of fifty times a megabyte is no page. */
async function affordable(link: RedisLink, key: Buffer, type: string, count: number): Promise<number> {
  const [memory, length] = await link.pipeline([
    ['MEMORY', 'USAGE', key],
    [sizes[type]!, key],
  ]);
  const each = (asNumber(memory) ?? 0) / Math.max(1, asNumber(length) ?? 1);
  return Math.max(1, Math.min(count, Math.floor(limits.cachePageBytes / Math.max(1, each))));
}

const sizes: Readonly<Record<string, string>> = { hash: 'HLEN', list: 'LLEN', set: 'SCARD', zset: 'ZCARD', stream: 'XLEN' };

export function gone(): NoodleError {
  return new NoodleError({ code: 'not-found', what: 'This key is not there.', why: 'It was deleted, or its time to live has ended.' });
}

const readers: Readonly<Record<string, Reader>> = {
  hash: (asked) =>
    scanned(asked, 'HSCAN', 'HLEN', 2, ([field, value]) => ({
      ...named(asBytes(field), asked.longest),
      value: cell(value, asked.longest),
      score: null,
      fields: null,
    })),

  set: (asked) =>
    scanned(asked, 'SSCAN', 'SCARD', 1, ([member]) => ({
      ...named(asBytes(member), asked.longest),
      value: cell(member, asked.longest),
      score: null,
      fields: null,
    })),

  async list({ link, key, cursor, count, longest }) {
    const from = Number(cursor || 0);
    const [length, items] = await link.pipeline([['LLEN', key], ['LRANGE', key, from, from + count - 1]]); // biome-ignore format: what is asked, a line
    const rows = asArray(items).map((item, at) => ({
      name: String(from + at),
      long: false,
      value: cell(item, longest),
      score: null,
      fields: null,
    }));
    const total = asNumber(length) ?? 0;
    return { rows, next: from + rows.length < total && rows.length > 0 ? String(from + rows.length) : null, total };
  },

  async zset(asked) {
    const { link, key, cursor, count, filter, longest } = asked;
    if (filter.match !== '') {
      return scanned(asked, 'ZSCAN', 'ZCARD', 2, ([member, score]) => memberRow(member, score, longest));
    }
    const from = Number(cursor || 0);
    const byScore = filter.min !== '' || filter.max !== '';
    const [low, high] = [filter.min || '-inf', filter.max || '+inf'];
    const range: Argv = byScore
      ? filter.descending
        ? ['ZREVRANGEBYSCORE', key, high, low, 'WITHSCORES', 'LIMIT', from, count]
        : ['ZRANGEBYSCORE', key, low, high, 'WITHSCORES', 'LIMIT', from, count]
      : [filter.descending ? 'ZREVRANGE' : 'ZRANGE', key, from, from + count - 1, 'WITHSCORES'];
    const [length, flat] = await link.pipeline([['ZCARD', key], range]);
    const rows = inGroups(asArray(flat), 2).map(([member, score]) => memberRow(member, score, longest));
    return { rows, next: rows.length === count ? String(from + rows.length) : null, total: asNumber(length) ?? 0 };
  },

  async stream({ link, key, cursor, count, filter, longest }) {
    const begin = filter.min || '-';
    const end = filter.max || '+';
    const range: Argv = filter.descending
      ? ['XREVRANGE', key, cursor === '' ? end : `(${cursor}`, begin, 'COUNT', count]
      : ['XRANGE', key, cursor === '' ? begin : `(${cursor}`, end, 'COUNT', count];
    const [length, entries] = await link.pipeline([['XLEN', key], range]);
    const rows = asArray(entries).map((entry): ElementRow => {
      const [id, flat] = asArray(entry);
      const fields = inGroups(asArray(flat), 2).map(([name, value]) => ({ name: nameOf(asBytes(name)), value: cell(value, longest) }));
      return { name: asText(id) ?? '', long: false, value: { data: '', binary: false, bytes: 0, cut: false }, score: null, fields };
    });
    return { rows, next: rows.length === count ? rows.at(-1)!.name : null, total: asNumber(length) ?? 0 };
  },
};

function memberRow(member: Reply | undefined, score: Reply | undefined, longest: number): ElementRow {
  return { ...named(asBytes(member), longest), value: cell(member, longest), score: asText(score), fields: null };
}

/** HSCAN, SSCAN and ZSCAN: as many steps as give some rows. The cursor is the server's own. */
async function scanned(
  { link, key, cursor, count, filter }: Asked,
  command: string,
  size: string,
  width: number,
  rowOf: (group: readonly Reply[]) => ElementRow,
): Promise<ElementPage> {
  const rows: ElementRow[] = [];
  const total = asNumber(await link.call(size, key)) ?? 0;
  let at = cursor || '0';
  do {
    const match: readonly (string | Buffer)[] = filter.match === '' ? [] : ['MATCH', globOf(filter.match)];
    const [next, flat] = asArray(
      await link.call(command, key, at, 'COUNT', match.length > 0 ? Math.max(count, limits.scanCount) : count, ...match),
    );
    rows.push(...inGroups(asArray(flat), width).map(rowOf));
    at = asText(next) ?? '0';
  } while (at !== '0' && rows.length < count);
  return { rows, next: at === '0' ? null : at, total };
}

/** A name that is longer than any edit may carry is told by its beginning. */
function named(bytes: Buffer, longest: number): Pick<ElementRow, 'name' | 'long'> {
  const long = bytes.length > Math.max(longest, limits.cacheKeyBytes);
  return { name: long ? `${nameOf(bytes.subarray(0, limits.cacheCellBytes))}…` : nameOf(bytes), long };
}

function cell(value: Reply | undefined, longest: number) {
  return shownBytes(asBytes(value), longest);
}

function inGroups(flat: readonly Reply[], width: number): Reply[][] {
  const groups: Reply[][] = [];
  for (let at = 0; at + width <= flat.length; at += width) groups.push(flat.slice(at, at + width));
  return groups;
}
