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
