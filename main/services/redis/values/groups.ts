/** Consumer groups of a stream: who reads, how far, and what was given out and never acknowledged. */
import type { StreamGroup } from '../../../../preload/contract/cache-models.ts';
import { bytesOf, nameOf } from '../bytes.ts';
import { type Argv, asArray, asBytes, asNumber, asRecord, asText, type RedisLink } from '../link.ts';

const waitingShown = 100;

export async function readGroups(link: RedisLink, key: string): Promise<StreamGroup[]> {
  const bytes = bytesOf(key);
  const groups = asArray(await link.call('XINFO', 'GROUPS', bytes)).map(asRecord);
  const replies = await link.pipeline(
    groups.flatMap(({ name }): Argv[] => [
      ['XINFO', 'CONSUMERS', bytes, asBytes(name)],
      ['XPENDING', bytes, asBytes(name), '-', '+', waitingShown],
    ]),
  );
  return groups.map((group, at): StreamGroup => {
    const consumers = asArray(replies[at * 2]).map(asRecord);
    return {
      name: nameOf(asBytes(group.name)),
      consumers: consumers.map((each) => ({
        name: nameOf(asBytes(each.name)),
        pending: asNumber(each.pending) ?? 0,
        idle: asNumber(each.idle) ?? 0,
      })),
      pending: asNumber(group.pending) ?? 0,
      lastId: asText(group['last-delivered-id']) ?? '',
      lag: asNumber(group.lag),
      waiting: asArray(replies[at * 2 + 1]).map((entry) => {
        const [id, consumer, idle, deliveries] = asArray(entry);
        return {
          id: asText(id) ?? '',
          consumer: nameOf(asBytes(consumer)),
          idle: asNumber(idle) ?? 0,
          deliveries: asNumber(deliveries) ?? 0,
        };
      }),
    };
  });
}
