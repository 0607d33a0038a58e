/** Texts inside of BSON, found and replaced where they stand: all other bytes stay as they are. */
import { stringAt } from '../bson/ejson.ts';
import { elements } from '../bson/reader.ts';

/** @returns what stands there now; undefined: it stays; null: BSON's null */
export type ReplaceText = (path: string, value: string) => string | null | undefined;

/** A document; elements of a list stand under the list's own path. */
export function rewriteBson(bytes: Buffer, replace: ReplaceText, at = 0, above = '', inList = false): Buffer {
  const parts: Buffer[] = [];
  for (const { type, name, from, to } of elements(bytes, at)) {
    const path = inList ? above : above === '' ? name : `${above}.${name}`;
    const head = Buffer.from(`${name}\0`);
    if (type === 'string') {
      const value = stringAt(bytes, from);
      const instead = replace(path, value);
      if (instead === null) parts.push(Buffer.from([10]), head);
      else if (instead === undefined || instead === value) parts.push(Buffer.from([2]), head, bytes.subarray(from, to));
      else parts.push(Buffer.from([2]), head, textOf(instead));
    } else if (type === 'object' || type === 'array') {
      parts.push(Buffer.from([type === 'object' ? 3 : 4]), head, rewriteBson(bytes, replace, from, path, type === 'array'));
    } else {
      // The type stands right before the name.
      parts.push(bytes.subarray(from - head.length - 1, to));
    }
  }
  const body = Buffer.concat(parts);
  const document = Buffer.alloc(body.length + 5);
  document.writeInt32LE(document.length, 0);
  body.copy(document, 4);
  return document;
}

function textOf(value: string): Buffer {
  const text = Buffer.from(value);
  const bytes = Buffer.alloc(text.length + 5);
  bytes.writeInt32LE(text.length + 1, 0);
  text.copy(bytes, 4);
  return bytes;
}
