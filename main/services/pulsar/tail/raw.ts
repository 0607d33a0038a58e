/** A message as the WebSocket API sends it: kept as it came, and looked into when it is shown or filtered. */
export interface RawMessage {
  /** In base64, as a reader takes it. */
  readonly messageId: string;
  /** In base64. */
  readonly payload: string;
  readonly properties: Readonly<Record<string, string>> | undefined;
  /** ISO 8601 */
  readonly publishTime: string;
  readonly eventTime: string | undefined;
  readonly key: string | undefined;
}

/** Undefined for a frame that carries no message. */
export function asRaw(frame: Readonly<Record<string, unknown>>): RawMessage | undefined {
  return typeof frame.messageId === 'string' && typeof frame.payload === 'string' ? (frame as unknown as RawMessage) : undefined;
}

/** Bytes of its payload, without decoding it. */
export function sizeOf({ payload }: RawMessage): number {
  const padding = payload.endsWith('==') ? 2 : payload.endsWith('=') ? 1 : 0;
  return (payload.length / 4) * 3 - padding;
}

export function bytesOf({ payload }: RawMessage): Buffer {
  return Buffer.from(payload, 'base64');
}

/** ms since the epoch; null for none, and for the 0 that stands for none. */
export function timeOf(text: string | undefined): number | null {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) || time === 0 ? null : time;
}
