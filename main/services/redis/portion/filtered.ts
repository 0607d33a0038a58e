/** A key with what its rules say masked. */
import { rewriteJson } from '../../json-text.ts';
import type { FieldFilter } from '../../portion.ts';
import { bytesOf, nameOf } from '../bytes.ts';
import type { Entry } from './entry.ts';

/** @returns undefined: it cannot be looked into, and something of it is to be masked */
export function filteredEntry(entry: Entry, filter: FieldFilter): Entry | undefined {
  if (filter.passesAll) return entry;
  const place = entry.key;
  const value = (field: string, bytes: string): string => {
    const text = textOf(bytes);
    if (text === undefined) throw new Opaque();
    return nameOf(Buffer.from(filter.value(place, field, text) ?? ''));
  };
  try {
    const key = value('$key', entry.key);
    switch (entry.type) {
      case 'string':
        return { ...entry, key, value: nameOf(Buffer.from(stringValue(place, entry.value, filter))) };
      case 'list':
      case 'set':
        return { ...entry, key, elements: entry.elements.map((each) => value('$element', each)) };
      case 'zset':
        return { ...entry, key, members: entry.members.map(([member, score]) => [value('$element', member), score]) };
      case 'hash':
        return { ...entry, key, fields: entry.fields.map(([field, inner]) => [field, value(field, inner)]) };
      case 'other':
        throw new Opaque();
    }
  } catch (error) {
    if (!(error instanceof Opaque)) throw error;
    return filter.masks(place) ? undefined : entry;
  }
}

class Opaque extends Error {}

function stringValue(place: string, bytes: string, filter: FieldFilter): string {
  const text = textOf(bytes);
  if (text === undefined) throw new Opaque();
  const rewritten = rewriteJson(text, (path, inner, bare) =>
    filter.value(place, path === '' ? '$value' : path, inner, { bare: bare && path !== '' }),
  );
  return rewritten ?? filter.value(place, '$value', text) ?? '';
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(name: string): string | undefined {
  try {
    return strict.decode(bytesOf(name));
  } catch {
    return undefined;
  }
}
