/** What a client sends, byte by byte: https://www.postgresql.org/docs/17/protocol-message-formats.html */

export interface Bound {
  readonly text: string;
  /** An OID each; 0: the server infers it. */
  readonly types: readonly number[];
  /** In text format. */
  readonly values: readonly (string | null)[];
  /** By the simple protocol, which knows no values: `$1` stays a place. */
  readonly simple?: boolean;
}

/** One statement by the extended protocol: parsed, bound, described, run to its end, synchronised. All results come as text. */
export function statementFrames({ text, types, values }: Bound): Buffer {
  return Buffer.concat([
    frame('P', [cstring(''), cstring(text), int16(types.length), ...types.map(uint32)]),
    frame('B', [cstring(''), cstring(''), int16(0), int16(values.length), ...values.map(value), int16(0)]),
    frame('D', [Buffer.from('P'), cstring('')]),
    frame('E', [cstring(''), int32(0)]),
    frame('S', []),
  ]);
}

/** Several statements without values, at once; an error ends them all. */
export function queryFrame(text: string): Buffer {
  return frame('Q', [cstring(text)]);
}

/** Refuses `COPY … FROM STDIN`; what waits behind it goes on after the sync. */
export function copyFailFrames(reason: string): Buffer {
  return Buffer.concat([frame('f', [cstring(reason)]), frame('S', [])]);
}

function frame(type: string, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type), int32(length), ...parts]);
}

function value(text: string | null): Buffer {
  if (text === null) return int32(-1);
  const bytes = Buffer.from(text);
  return Buffer.concat([int32(bytes.length), bytes]);
}

function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function int16(number: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(number);
  return bytes;
}

function int32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}
