/**
 * notify-keyspace-events while changes are watched. What it was is written down in the server itself, so that whoever
 * opens it next can put it back when a watcher did not live to do it.
 */
import { asArray, asBytes, asText, type RedisLink } from '../link.ts';

const record = 'noodlebox:notify';
/** Connections of this name are watchers that are alive. */
export const watcherName = 'noodlebox-changes';
/** Messages of keyspace channels, for all events of all types. */
const needed = ['K', 'A'];

export interface NotifySetting {
  readonly was: string;
  readonly now: string;
}

/** Turns on what is missing. @throws NoodleError not-supported-by-server where CONFIG may not be used and the setting is not on already */
export async function turnOn(link: RedisLink): Promise<NotifySetting> {
  const current = await read(link);
  const now = widened(current);
  if (now === current) return { was: (await recorded(link)) ?? current, now };
  // Another watcher's record holds what it was before both.
  await link.call('SET', record, current, 'NX');
  await link.call('CONFIG', 'SET', 'notify-keyspace-events', now);
  return { was: (await recorded(link)) ?? current, now };
}

/** Puts the setting back once nobody watches any more. @returns whether it did */
export async function putBack(link: RedisLink): Promise<boolean> {
  const was = await recorded(link);
  if (was === null) return false;
  const clients = (await link.text('CLIENT', 'LIST')) ?? '';
  if (clients.split('\n').some((line) => line.includes(` name=${watcherName} `))) return false;
  await link.call('CONFIG', 'SET', 'notify-keyspace-events', was);
  await link.call('DEL', record);
  return true;
}

async function read(link: RedisLink): Promise<string> {
  return asText(asArray(await link.call('CONFIG', 'GET', 'notify-keyspace-events'))[1]) ?? '';
}

async function recorded(link: RedisLink): Promise<string | null> {
  const reply = await link.call('GET', record);
  return reply === null ? null : asBytes(reply).toString('latin1');
}

/** The setting with what is needed added: nothing that was on is turned off. */
export function widened(setting: string): string {
  const missing = needed.filter((flag) => !setting.includes(flag));
  return setting + missing.join('');
}
