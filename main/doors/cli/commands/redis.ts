/** `noodlebox redis`: the cache panel's console and key browser, for scripts. */
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { RedisType } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { nameOf } from '../../../services/redis/bytes.ts';
import { replyJson, replyText } from '../../../services/redis/console/reply-text.ts';
import type { Argv, Reply } from '../../../services/redis/link.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';

interface RedisOptions {
  readonly scan?: string;
  readonly type?: string;
  readonly null: boolean;
  readonly stdin: boolean;
  readonly service?: string;
}

/** Runs one command, or lists keys. What deletes or blocks needs --yes. */
export async function redis(words: string[], options: RedisOptions, globals: GlobalOptions): Promise<void> {
  const type = typeOf(options.type);
  if (options.scan === undefined && words.length === 0) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'There is no command.',
      todo: "Give one, such as GET key, or --scan 'session:*'.",
      command: 'noodlebox redis --help',
    });
  }
  if (options.scan !== undefined && words.length > 0) {
    throw new NoodleError({ code: 'bad-argument', what: '--scan stands alone.', todo: 'Leave out the command.' });
  }
  const last = options.stdin ? [await buffer(process.stdin)] : [];
  const [name = '', ...args] = words;
  await withKnownStack(globals, async (stack, signal) => {
    const session = await stack.session('redis', stack.serviceOfKind('redis', options.service));
    if (options.scan !== undefined) {
      let keys = 0;
      let readerGone = false;
      process.stdout.once('error', () => {
        readerGone = true;
      });
      try {
        for await (const batch of session.scan({ by: 'pattern', pattern: options.scan, type }, signal)) {
          keys += batch.length;
          await write(Buffer.concat(batch.map((key) => keyLine(key, options.null, globals.json))), signal);
        }
      } catch (error) {
        // A reader that has seen enough (`| head`) is no error.
        if (!readerGone) throw error;
        return;
      }
      if (globals.json) await write(`${JSON.stringify({ type: 'result', ok: true, keys })}\n`, signal);
      return;
    }
    const command: Argv = [name, ...args, ...last];
    const reply = await session.call(command, globals.yes, signal);
    await write(globals.json ? jsonLines(reply) : process.stdout.isTTY ? `${replyText(reply).text}\n` : rawLines(reply), signal);
  });
}

function typeOf(text: string | undefined): RedisType | null {
  if (text === undefined) return null;
  const type = RedisType.safeParse(text.toLowerCase());
  if (type.success) return type.data;
  throw new NoodleError({
    code: 'bad-argument',
    what: `"${text}" is no type of key.`,
    todo: `Give one of ${RedisType.options.join(', ')}.`,
  });
}

/** Keys are any bytes: as text they are escaped so that each is one line and none is lost. */
function keyLine(key: Buffer, zero: boolean, json: boolean): Buffer {
  if (json) return Buffer.from(`${JSON.stringify({ type: 'key', key: nameOf(key) })}\n`);
  return zero ? Buffer.concat([key, Buffer.from([0])]) : Buffer.from(`${nameOf(key)}\n`);
}

/** Each element of a list is an object of its own. */
function jsonLines(reply: Reply): string {
  const values = Array.isArray(reply) ? reply : [reply];
  const lines = values.map((value) => JSON.stringify({ type: 'value', value: replyJson(value) }));
  return `${[...lines, JSON.stringify({ type: 'result', ok: true, values: values.length })].join('\n')}\n`;
}

/** The bytes themselves, an element a line, as redis-cli writes into a pipe. */
function rawLines(reply: Reply): Buffer {
  if (Array.isArray(reply)) return Buffer.concat(reply.map(rawLines));
  const end = Buffer.from('\n');
  if (reply === null) return end;
  if (reply instanceof Error) return Buffer.from(`${reply.message}\n`);
  return Buffer.concat([Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply)), end]);
}

/** Never more in memory than the reader takes. */
async function write(chunk: string | Buffer, signal: AbortSignal): Promise<void> {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal });
}
