import { ejsonOfElement } from '../bson/ejson.ts';
import { elementNamed } from '../bson/reader.ts';
import { parseShell } from '../shell/parse.ts';
import type { ShellValue } from '../shell/values.ts';

/** Its `_id` as canonical Extended JSON: equal texts are equal ids. */
export function idText(document: Buffer): string {
  const id = elementNamed(document, '_id');
  return id ? ejsonOfElement(document, id) : 'null';
}

/** Its `_id` as it is sent to the server. */
export function idValue(document: Buffer): ShellValue {
  return parseShell(idText(document));
}

/** A value to be equal to, whatever it is: documents and regular expressions would be read as conditions. */
export function exact(value: unknown): unknown {
  const compound = value !== null && typeof value === 'object' && !('_bsontype' in value) && !(value instanceof Date);
  const regex = value !== null && typeof value === 'object' && '_bsontype' in value && value._bsontype === 'BSONRegExp';
  return compound || regex ? { $eq: value } : value;
}
