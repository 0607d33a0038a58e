/** Whether a document carries one of many ids where ids stand. */
import { stringAt } from '../bson/ejson.ts';
import { type BsonElement, elements } from '../bson/reader.ts';

/** Ids as a store may have kept them. */
export class IdSet {
  readonly #texts: ReadonlySet<string>;
  /** ObjectIds and UUIDs by their bytes. */
  readonly #hex: ReadonlySet<string>;

  constructor(ids: ReadonlySet<string>) {
    this.#texts = ids;
    const hex = [...ids].map((id) => id.replaceAll('-', '').toLowerCase());
    this.#hex = new Set(hex.filter((each) => /^([0-9a-f]{24}|[0-9a-f]{32})$/.test(each)));
  }

  /** @param fields paths; elements of a list are met by the list's own */
  isIn(bytes: Buffer, fields: ReadonlySet<string>): boolean {
    return this.#inDocument(bytes, 0, '', fields);
  }

  #inDocument(bytes: Buffer, at: number, above: string, fields: ReadonlySet<string>): boolean {
    for (const element of elements(bytes, at)) {
      const path = above === '' ? element.name : `${above}.${element.name}`;
      if (fields.has(path) && this.#is(bytes, element)) return true;
      if (element.type === 'object' && this.#inDocument(bytes, element.from, path, fields)) return true;
    }
    return false;
  }

  #is(bytes: Buffer, element: BsonElement): boolean {
    switch (element.type) {
      case 'string':
        return this.#texts.has(stringAt(bytes, element.from));
      case 'objectId':
        return this.#hex.has(bytes.toString('hex', element.from, element.to));
      case 'binData':
        return this.#hex.has(bytes.toString('hex', element.from + 5, element.to));
      case 'array':
        for (const inner of elements(bytes, element.from)) if (inner.type !== 'array' && this.#is(bytes, inner)) return true;
        return false;
      default:
        return false;
    }
  }
}
