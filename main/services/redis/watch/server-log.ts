/** The slow log and the clients, read once each time they are asked for. */
import type { RedisClientRow, SlowLog } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { commandText } from '../command-text.ts';
import { asArray, asBytes, asNumber, asText, type RedisLink, refusal } from '../link.ts';

export async function readSlowLog(link: RedisLink): Promise<SlowLog> {
  const [entries, length, threshold, kept] = await link.pipeline([
    ['SLOWLOG', 'GET', limits.cacheSlowEntries],
    ['SLOWLOG', 'LEN'],
    ['CONFIG', 'GET', 'slowlog-log-slower-than'],
    ['CONFIG', 'GET', 'slowlog-max-len'],
  ]);
  if (entries instanceof Error) throw refusal(entries, link.connection);
  return {
    entries: asArray(entries).map((entry) => {
      const [id, time, took, args, client, name] = asArray(entry);
      return {
        id: asNumber(id) ?? 0,
        time: (asNumber(time) ?? 0) * 1000,
        took: asNumber(took) ?? 0,
        text: commandText(asArray(args).map(asBytes)),
        client: asText(client) ?? '',
        clientName: asText(name) ?? '',
      };
    }),
    length: asNumber(length) ?? 0,
    threshold: threshold instanceof Error ? null : asNumber(asArray(threshold)[1]),
    kept: kept instanceof Error ? null : asNumber(asArray(kept)[1]),
  };
}

export async function readClients(link: RedisLink): Promise<RedisClientRow[]> {
  const text = (await link.text('CLIENT', 'LIST')) ?? '';
  return parseClients(text).slice(0, limits.cacheClients);
}

/** @throws NoodleError not-found */
export async function killClient(link: RedisLink, id: string): Promise<void> {
  const killed = asNumber(await link.call('CLIENT', 'KILL', 'ID', id));
  if (killed === 0) throw new NoodleError({ code: 'not-found', what: 'This client is not connected any more.' });
}

/** `id=3 addr=… name=… cmd=…`, a line a client: https://redis.io/docs/latest/commands/client-list/ */
export function parseClients(text: string): RedisClientRow[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('id='))
    .map((line) => {
      const fields = new Map([...line.matchAll(/([a-z-]+)=(\S*)/g)].map(([, name, value]) => [name!, value!]));
      const name = fields.get('name') ?? '';
      return {
        id: fields.get('id') ?? '',
        address: fields.get('addr') ?? '',
        name,
        user: fields.get('user') ?? '',
        database: fields.get('db') ?? '',
        age: Number(fields.get('age') ?? 0),
        idle: Number(fields.get('idle') ?? 0),
        flags: fields.get('flags') ?? '',
        command: (fields.get('cmd') ?? '').replace('|', ' '),
        memory: fields.has('tot-mem') ? Number(fields.get('tot-mem')) : null,
        library: [fields.get('lib-name'), fields.get('lib-ver')].filter(Boolean).join(' '),
        own: name.startsWith('noodlebox'),
      };
    });
}
