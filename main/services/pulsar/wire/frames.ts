/**
 * Frames of Pulsar's own protocol: https://pulsar.apache.org/docs/4.0.x/developing-binary-protocol/#framing, and the commands in
 * https://github.com/apache/pulsar/blob/v4.0.7/pulsar-common/src/main/proto/PulsarApi.proto
 */
import { limits } from '../../../limits.ts';
import { fieldsOf, messageWith } from './protobuf.ts';

/** Numbers of `BaseCommand.Type`, which are those of the fields that the commands stand in, too. */
export const types = {
  connect: 2,
  connected: 3,
  subscribe: 4,
  message: 9,
  flow: 11,
  success: 13,
  error: 14,
  closeConsumer: 16,
  ping: 18,
  pong: 19,
} as const;
export type CommandName = keyof typeof types;

export interface Frame {
  /** undefined: one that is not known here */
  readonly name: CommandName | undefined;
  /** The command's own fields. */
  readonly command: Buffer;
  /** What follows the command: a message's metadata and payload. */
  readonly rest: Buffer;
}

export function frameOf(name: CommandName, command: Parameters<typeof messageWith>[0]): Buffer {
  const base = messageWith({ 1: types[name], [types[name]]: messageWith(command) });
  const head = Buffer.alloc(8);
  head.writeUInt32BE(base.length + 4, 0);
  head.writeUInt32BE(base.length, 4);
  return Buffer.concat([head, base]);
}

/** Frames out of bytes as they come. */
export class FrameSplitter {
  #held: Buffer[] = [];
  #length = 0;

  /** @throws RangeError for what is no frame, or is larger than a broker's may be */
  *split(bytes: Buffer): Generator<Frame> {
    this.#held.push(bytes);
    this.#length += bytes.length;
    for (;;) {
      if (this.#length < 4) return;
      if (this.#held[0]!.length < 4) this.#join();
      const size = this.#held[0]!.readUInt32BE(0);
      if (size < 4 || size > limits.topicsWireBytes) throw new RangeError(`a frame of ${size} bytes`);
      if (this.#length < size + 4) return;
      this.#join();
      const all = this.#held[0]!;
      yield parsed(all.subarray(4, size + 4));
      const left = all.subarray(size + 4);
      this.#held = left.length > 0 ? [left] : [];
      this.#length = left.length;
    }
  }

  #join(): void {
    if (this.#held.length > 1) this.#held = [Buffer.concat(this.#held)];
  }
}

function parsed(frame: Buffer): Frame {
  const size = frame.readUInt32BE(0);
  if (size + 4 > frame.length) throw new RangeError('a command that is longer than its frame');
  const base = frame.subarray(4, size + 4);
  let type = 0n;
  const parts = new Map<number, Buffer>();
  for (const { field, value, bytes } of fieldsOf(base)) {
    if (field === 1) type = value;
    else parts.set(field, bytes);
  }
  const name = names.get(Number(type));
  const command = (name && parts.get(types[name])) ?? Buffer.alloc(0);
  return { name, command, rest: frame.subarray(size + 4) };
}

const names: ReadonlyMap<number, CommandName> = new Map(Object.entries(types).map(([name, type]) => [type, name as CommandName]));
