import { NoodleError } from '../../../errors.ts';

/** Payloads of one schema. */
export interface Codec {
  /** "Avro", "Protobuf" … */
  readonly label: string;
  /** Payloads are text as they stand; decoding only reads it. */
  readonly textual: boolean;
  /** @throws for bytes that are none of this schema, trailing ones included */
  decode(bytes: Buffer): unknown;
  /** What a person wrote as a payload, else as the schema wants it. @throws NoodleError bad-argument, with the place where it is known */
  encode(text: string): Buffer;
}

/** A version of a topic's schema as the registry tells it. */
export interface RegisteredSchema {
  readonly version: number;
  readonly type: string;
  readonly timestamp: number;
  readonly data: string;
  readonly properties: Readonly<Record<string, string>>;
}

export function misfit(what: string, why: string, at?: { readonly offset: number; readonly length: number }): NoodleError {
  return new NoodleError({ code: 'bad-argument', what, why, todo: 'Change the message, or the schema of the topic.', at });
}
