/** Bytes as text that loses nothing, and back: keys, fields and members are any bytes, and JSON is not. */
import { isUtf8 } from 'node:buffer';
import type { GivenBytes, RedisBytes } from '../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../errors.ts';

const plain = /^[^\\\p{Cc}\p{Cf}\u2028\u2029]*$/u;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Valid UTF-8 stands for itself; a backslash, what cannot be seen, and bytes that are no text are escaped. */
export function nameOf(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  if (isUtf8(buffer)) {
    const text = strict.decode(buffer);
    return plain.test(text) ? text : escapeText(text);
  }
  let name = '';
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceAt(buffer, at);
    name += length === 0 ? hex(buffer[at]!) : escapeText(buffer.toString('utf8', at, at + length));
    at += Math.max(1, length);
  }
  return name;
}

/** The bytes that `nameOf` wrote. @throws NoodleError bad-argument, with the place of an escape that is none */
export function bytesOf(name: string): Buffer {
  if (!name.includes('\\')) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  const escapes = /\\(?:x([0-9a-f]{2})|([\\nrt]))/giy;
  let from = 0;
  for (let at = name.indexOf('\\'); at !== -1; at = name.indexOf('\\', from)) {
    escapes.lastIndex = at;
    const match = escapes.exec(name);
    if (!match) {
      throw new NoodleError({
        code: 'bad-argument',
        what: 'A backslash stands alone in this name.',
        todo: 'Write \\\\ for a backslash, \\n, \\r, \\t or \\xNN for other bytes.',
        at: { offset: at, length: 2 },
      });
    }
    parts.push(Buffer.from(name.slice(from, at), 'utf8'));
    parts.push(Buffer.from([match[1] === undefined ? letters[match[2]!.toLowerCase()]! : Number.parseInt(match[1], 16)]));
    from = at + match[0].length;
  }
  parts.push(Buffer.from(name.slice(from), 'utf8'));
  return Buffer.concat(parts);
}

const letters: Readonly<Record<string, number>> = { '\\': 92, n: 10, r: 13, t: 9 };

/** A value as it crosses the API. @param limit bytes shown; @param whole size of the whole value, where only a part was read */
export function shownBytes(bytes: Buffer, limit: number, whole: number = bytes.length): RedisBytes {
  let shown = bytes.length > limit ? bytes.subarray(0, limit) : bytes;
  // A part may end within a character: that does not make it binary.
  if (shown.length < whole) shown = shown.subarray(0, shown.length - unfinished(shown));
  const binary = !isUtf8(shown) || hasControls(shown);
  return { data: shown.toString(binary ? 'base64' : 'utf8'), binary, bytes: whole, cut: shown.length < whole };
}

/** The bytes a person gave. @throws NoodleError bad-argument for what is no base64 */
export function givenBytes({ data, binary }: GivenBytes | RedisBytes): Buffer {
  if (!binary) return Buffer.from(data, 'utf8');
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(data)) return Buffer.from(data, 'base64');
  throw new NoodleError({ code: 'bad-argument', what: 'This is no base64.', todo: 'Give binary values in base64.' });
}

/** A glob pattern (Redis' stringmatchlen) that matches these bytes and nothing else. */
export function escapedGlob(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (const byte of bytes) {
    if (special.has(byte)) out.push(92);
    out.push(byte);
  }
  return Buffer.from(out);
}
const special = new Set([...'\\*?[]^-'].map((char) => char.charCodeAt(0)));

/** What a person typed as a glob: text without wildcards is looked for anywhere. Empty: everything. */
export function globOf(text: string): Buffer {
  if (text === '') return Buffer.from('*');
  if (/[*?[]/.test(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from('*'), escapedGlob(bytesOf(tolerant(text))), Buffer.from('*')]);
}

/** Typed by a person, a backslash that escapes nothing is a backslash. */
function tolerant(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|[\\nrt])?/gi, (all, known?: string) => (known === undefined ? '\\\\' : all));
}

/** The same without regard to case, anywhere in a key. */
export function anyCaseGlob(text: string): Buffer {
  const body = [...text].map((char) => {
    const lower = char.toLowerCase();
    const upper = char.toUpperCase();
    // Classes are of single bytes.
    return /^[a-z]$/i.test(char) ? `[${lower}${upper}]` : escapedGlob(Buffer.from(char)).toString('utf8');
  });
  return Buffer.from(`*${body.join('')}*`);
}

function escapeText(text: string): string {
  return text.replace(/[\\\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    if (char === '\\') return '\\\\';
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    if (char === '\t') return '\\t';
    // Joiners are parts of emoji; they are shown as they are.
    if (char === '\u200d') return char;
    return [...Buffer.from(char, 'utf8')].map(hex).join('');
  });
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Length of the valid UTF-8 character that begins there; 0 when none does. */
function sequenceAt(buffer: Buffer, at: number): number {
  const first = buffer[at]!;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= buffer.length && isUtf8(buffer.subarray(at, at + length)) ? length : 0;
}

/** Bytes at the end that begin a character and do not end it. */
function unfinished(buffer: Buffer): number {
  for (let back = 1; back <= Math.min(3, buffer.length); back++) {
    const byte = buffer[buffer.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

/** Text has line ends and tabs, and no other control characters. */
function hasControls(buffer: Buffer): boolean {
  return buffer.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
