/** Values of the JSON module. */
import { limits } from '../../../limits.ts';
import { bytesOf } from '../bytes.ts';
import { asBytes, asNumber, type RedisLink } from '../link.ts';
import { gone } from './elements.ts';

/** What stands at a path, sized first; of a larger one only the beginning, which is then no whole JSON. @throws NoodleError not-found */
export async function readJson(link: RedisLink, key: string, path: string): Promise<{ json: string; cut: boolean; bytes: number }> {
  const bytes = bytesOf(key);
  const size = asNumber(await link.call('MEMORY', 'USAGE', bytes).catch(() => null)) ?? 0;
  if (size > limits.cacheValueBytes * 4 && path === '$') return { json: '', cut: true, bytes: size };
  const reply = await link.call('JSON.GET', bytes, path);
  if (reply === null) throw gone();
  const whole = asBytes(reply);
  // `$` answers with all that it matches; the root is one.
  const json = whole.toString('utf8', 0, limits.cacheValueBytes);
  return {
    json: path === '$' && whole.length <= limits.cacheValueBytes ? json.slice(1, -1) : json,
    cut: whole.length > limits.cacheValueBytes,
    bytes: whole.length,
  };
}
