/** A document as the cells of a CSV row: fields within documents under dotted names, lists as Extended JSON. */
import { ejsonOfElement, stringAt } from '../bson/ejson.ts';
import { type BsonElement, elements } from '../bson/reader.ts';

/** Calls back with each field that has a cell of its own. */
export function flatten(bytes: Buffer, field: (path: string, text: () => string) => void, at = 0, above = ''): void {
  for (const element of elements(bytes, at)) {
    const path = above === '' ? element.name : `${above}.${element.name}`;
    if (element.type === 'object' && bytes.readInt32LE(element.from) > 5) flatten(bytes, field, element.from, path);
    else field(path, () => cellText(bytes, element));
  }
}

function cellText(bytes: Buffer, element: BsonElement): string {
  switch (element.type) {
    case 'string':
      return stringAt(bytes, element.from);
    case 'objectId':
      return bytes.toString('hex', element.from, element.to);
    case 'null':
      return 'null';
    case 'undefined':
      return '';
    case 'long':
      return String(bytes.readBigInt64LE(element.from));
    case 'double':
      return String(bytes.readDoubleLE(element.from));
    case 'decimal':
      return (JSON.parse(ejsonOfElement(bytes, element)) as { $numberDecimal: string }).$numberDecimal;
    case 'date': {
      const date = new Date(Number(bytes.readBigInt64LE(element.from)));
      return Number.isNaN(date.getTime()) ? ejsonOfElement(bytes, element) : date.toISOString();
    }
    case 'binData': {
      const uuid = bytes[element.from + 4] === 4 && element.to - element.from === 21;
      return uuid ? asUuid(bytes.toString('hex', element.from + 5, element.to)) : bytes.toString('base64', element.from + 5, element.to);
    }
    default:
      return ejsonOfElement(bytes, element, 'relaxed');
  }
}

function asUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
