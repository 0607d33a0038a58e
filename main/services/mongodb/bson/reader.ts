/**
 * Reading BSON as it came over the wire, element by element. The driver's own objects would lose what a JavaScript object
 * cannot hold: the order of fields named by numbers, dates beyond Date's range, the difference between 5 and 5.0.
 * https://bsonspec.org/spec.html
 */
export const bsonTypes = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  12: 'dbPointer',
  13: 'javascript',
  14: 'symbol',
  15: 'javascriptWithScope',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  127: 'maxKey',
  255: 'minKey',
} as const;
export type BsonTypeName = (typeof bsonTypes)[keyof typeof bsonTypes];

export interface BsonElement {
  readonly type: BsonTypeName;
  readonly name: string;
  /** Where its value begins and ends in the bytes. */
  readonly from: number;
  readonly to: number;
}

/** The elements of the document that begins at an offset, in their order. @throws Error when the bytes are no BSON */
export function* elements(bytes: Buffer, at = 0): Generator<BsonElement> {
  const end = at + bytes.readInt32LE(at) - 1;
  let from = at + 4;
  while (from < end) {
    const type = bsonTypes[bytes[from] as keyof typeof bsonTypes];
    if (type === undefined) throw new Error(`unknown BSON type ${bytes[from]}`);
    const nameEnd = bytes.indexOf(0, from + 1);
    const name = bytes.toString('utf8', from + 1, nameEnd);
    const to = nameEnd + 1 + sizeOf(type, bytes, nameEnd + 1);
    yield { type, name, from: nameEnd + 1, to };
    from = to;
  }
}

/** Bytes of a whole document. */
export function documentSize(bytes: Buffer): number {
  return bytes.readInt32LE(0);
}

/** One field of a document; undefined where there is none. */
export function elementNamed(bytes: Buffer, name: string): BsonElement | undefined {
  for (const element of elements(bytes)) if (element.name === name) return element;
  return undefined;
}

const fixed: Partial<Record<BsonTypeName, number>> = {
  double: 8,
  undefined: 0,
  objectId: 12,
  bool: 1,
  date: 8,
  null: 0,
  int: 4,
  timestamp: 8,
  long: 8,
  decimal: 16,
  maxKey: 0,
  minKey: 0,
};

function sizeOf(type: BsonTypeName, bytes: Buffer, at: number): number {
  const known = fixed[type];
  if (known !== undefined) return known;
  switch (type) {
    case 'object':
    case 'array':
    case 'javascriptWithScope':
      return bytes.readInt32LE(at);
    case 'binData':
      return 5 + bytes.readInt32LE(at);
    case 'dbPointer':
      return 4 + bytes.readInt32LE(at) + 12;
    case 'regex':
      return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1 - at;
    default:
      return 4 + bytes.readInt32LE(at);
  }
}
