import type { FieldOutline } from '../../../../preload/contract/documents.ts';
import { limits } from '../../../limits.ts';
import { ejsonOfElement } from '../bson/ejson.ts';
import { elements } from '../bson/reader.ts';

/** Values of this size (bytes) are told even of a document that is withheld. */
const shown = 200;

/** What stands in a document that is too big to be told: its fields, their types and sizes. */
export function outlineOf(bytes: Buffer): FieldOutline[] {
  const fields: FieldOutline[] = [];
  for (const element of elements(bytes)) {
    if (fields.length === limits.documentOutlineFields) break;
    const size = element.to - element.from;
    fields.push({
      name: element.name.slice(0, 500),
      type: element.type,
      bytes: size,
      ejson: size <= shown ? ejsonOfElement(bytes, element) : null,
    });
  }
  return fields;
}
