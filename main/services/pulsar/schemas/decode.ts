/** What a payload says: by the schemas of its topic, else as JSON or text, else as bytes. */
import type { PayloadForm } from '../../../../preload/contract/topics.ts';
import { exactJson, parseExact } from './exact-json.ts';
import type { Version } from './registry.ts';

export interface Decoded {
  readonly form: Exclude<PayloadForm, 'withheld'>;
  /** On one line for a value that a schema decoded; as it stands otherwise. Empty for bytes. */
  readonly text: string;
  /** The same, indented. */
  readonly pretty: string;
  /** "Avro, version 2" */
  readonly schema: string | null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @param published ms: the registry does not say which version a message was written by, but a later one than it cannot be */
export function decode(bytes: Buffer, versions: readonly Version[], published: number): Decoded {
  if (bytes.length === 0) return { form: 'empty', text: '', pretty: '', schema: null };
  const found = bySchema(bytes, versions, published);
  if (found) {
    const { value, version, textual } = found;
    const schema = `${version.codec!.label}, version ${version.schema.version}`;
    if (textual) return { ...asText(bytes), schema };
    return { form: 'json', text: exactJson(value), pretty: exactJson(value, 2), schema };
  }
  return asText(bytes);
}

/** The value that JSON paths look into; undefined when there is none. */
export function valueIn(bytes: Buffer, versions: readonly Version[], published: number): unknown {
  const found = bySchema(bytes, versions, published);
  if (found && !found.textual) return found.value;
  const first = bytes[0];
  if (first === undefined) return undefined;
  try {
    const text = bytes.toString();
    return /\d{16}/.test(text) ? parseExact(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bySchema(bytes: Buffer, versions: readonly Version[], published: number) {
  const older = versions.filter(({ schema }) => schema.timestamp <= published);
  const inOrder = [...older.toReversed(), ...versions.filter(({ schema }) => schema.timestamp > published)];
  for (const version of inOrder) {
    const { codec } = version;
    if (!codec) continue;
    try {
      return { value: codec.decode(bytes), version, textual: codec.textual };
    } catch {
      // Written by another version, or by a producer that knew of none.
    }
  }
  return undefined;
}

function asText(bytes: Buffer): Decoded {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { form: 'binary', text: '', pretty: '', schema: null };
  }
  // Text, but for control characters that no text has.
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return { form: 'binary', text: '', pretty: '', schema: null };
  const form = /^\s*[[{]/.test(text) && isJson(text) ? 'json' : 'text';
  return { form, text, pretty: text, schema: null };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
