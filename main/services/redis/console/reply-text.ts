/** A reply as redis-cli prints it. */
import { isUtf8 } from 'node:buffer';
import { limits } from '../../../limits.ts';
import type { Reply } from '../link.ts';

/** Status replies look like strings to the client; these words are what they are. */
const statuses = new Set(['OK', 'PONG', 'QUEUED', 'BUSY', 'Background saving started']);

/** @returns the text, cut where it would be very long */
export function replyText(reply: Reply): { text: string; cut: boolean } {
  const writer = new Writer();
  writer.write(reply, '');
  return { text: writer.lines.join('\n'), cut: writer.cut };
}

class Writer {
  readonly lines: string[] = [];
  cut = false;
  #items = 0;
  #chars = 0;

  /** @param indent what stands before every line but the first */
  write(reply: Reply, indent: string, lead = ''): void {
    if (Array.isArray(reply)) this.#list(reply, indent, lead);
    else this.#line(lead + scalar(reply));
  }

  #list(items: readonly Reply[], indent: string, lead: string): void {
    if (items.length === 0) this.#line(`${lead}(empty array)`);
    const width = String(items.length).length;
    const inner = indent + ' '.repeat(width + 2);
    for (const [at, item] of items.entries()) {
      if (this.#items++ >= limits.cacheReplyItems || this.#chars > limits.cacheReplyChars) {
        this.cut = true;
        this.#line(`${at === 0 ? lead : indent}… ${items.length - at} more`);
        return;
      }
      this.write(item, inner, `${at === 0 ? lead : indent}${String(at + 1).padStart(width)}) `);
    }
  }

  #line(text: string): void {
    const room = limits.cacheReplyChars - this.#chars;
    if (text.length > room) this.cut = true;
    const shown = text.length > room ? `${text.slice(0, Math.max(0, room))}…` : text;
    this.#chars += shown.length;
    this.lines.push(shown);
  }
}

function scalar(reply: Reply): string {
  if (reply === null) return '(nil)';
  if (reply instanceof Error) return `(error) ${reply.message}`;
  if (Buffer.isBuffer(reply)) return quotedReply(reply);
  return `(integer) ${String(reply)}`;
}

/** Text that has lines of its own (INFO, CLIENT LIST) is printed as it is. */
function quotedReply(bytes: Buffer): string {
  const shown = bytes.length > limits.cacheReplyChars ? bytes.subarray(0, limits.cacheReplyChars) : bytes;
  const text = shown.toString('utf8');
  if (statuses.has(text)) return text;
  if (isUtf8(shown) && text.includes('\n') && !/[^\P{Cc}\r\n\t]/u.test(text)) return text.replaceAll('\r\n', '\n').trimEnd();
  if (isUtf8(shown)) return `"${text.replace(/["\\]/g, '\\$&').replace(/\p{Cc}/gu, escaped)}"`;
  return `"${shown
    .toString('latin1')
    .replace(/["\\]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, escaped)}"`;
}

function escaped(char: string): string {
  const named = ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' } as Record<string, string>)[char];
  return named ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** A reply as JSON has it: bytes that are no text as `{"base64"}`, integers exact. */
export function replyJson(reply: Reply): unknown {
  if (reply === null) return null;
  if (reply instanceof Error) return { error: reply.message };
  if (Array.isArray(reply)) return reply.map(replyJson);
  if (Buffer.isBuffer(reply)) return isUtf8(reply) ? reply.toString('utf8') : { base64: reply.toString('base64') };
  const number = Number(reply);
  return Number.isSafeInteger(number) ? number : String(reply);
}
