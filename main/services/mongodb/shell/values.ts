/** What a text in shell syntax stands for: the driver's own types, and Maps for documents, which keep the order of their fields. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  type DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';

export type ShellDocument = Map<string, ShellValue>;
export type ShellValue =
  | ShellDocument
  | ShellValue[]
  | string
  | boolean
  | null
  | undefined
  | Date
  | Double
  | Int32
  | Long
  | Decimal128
  | ObjectId
  | Binary
  | BSONRegExp
  | BSONSymbol
  | Code
  | DBRef
  | MaxKey
  | MinKey
  | Timestamp;

type Make = (args: readonly ShellValue[]) => ShellValue;

/** `ObjectId('…')` and the like. A maker throws an Error in words when its arguments are no such value. */
export const makers: Readonly<Record<string, Make>> = Object.assign(Object.create(null) as Record<string, Make>, {
  ObjectId: objectId,
  ObjectID: objectId,
  ISODate: date,
  Date: date,
  NumberInt: int,
  Int32: int,
  NumberLong: long,
  Int64: long,
  Long: long,
  NumberDecimal: decimal,
  Decimal128: decimal,
  Double: double,
  NumberDouble: double,
  UUID: ([text]) => (text === undefined ? new UUID().toBinary() : uuid(textOf(text, 'A UUID'))),
  BinData: ([subType, base64]) => binary(whole(subType, 0, 255), Buffer.from(base64Of(textOf(base64, 'The data')), 'base64')),
  HexData: ([subType, hex]) => binary(whole(subType, 0, 255), Buffer.from(hexOf(textOf(hex, 'The data')), 'hex')),
  Timestamp: timestamp,
  RegExp: ([pattern, flags]) => new BSONRegExp(textOf(pattern, 'The pattern'), flags === undefined ? '' : textOf(flags, 'The options')),
  BSONRegExp: ([pattern, flags]) => new BSONRegExp(textOf(pattern, 'The pattern'), flags === undefined ? '' : textOf(flags, 'The options')),
  MinKey: () => new MinKey(),
  MaxKey: () => new MaxKey(),
  Code: ([code, scope]) => new Code(textOf(code, 'The code'), scope instanceof Map ? (scope as never) : undefined),
  Symbol: ([text]) => new BSONSymbol(textOf(text, 'A symbol')),
  BSONSymbol: ([text]) => new BSONSymbol(textOf(text, 'A symbol')),
  DBRef: ([collection, id, database]) =>
    new Map<string, ShellValue>([
      ['$ref', textOf(collection, 'The collection')],
      ['$id', id as ShellValue],
      ...(database === undefined ? [] : [['$db', textOf(database, 'The database')] as const]),
    ]),
} satisfies Record<string, Make>);

function objectId([text]: readonly ShellValue[]): ObjectId {
  if (text === undefined) return new ObjectId();
  const hex = textOf(text, 'An ObjectId');
  if (!/^[0-9a-fA-F]{24}$/.test(hex)) throw new Error('An ObjectId is written with 24 hexadecimal digits.');
  return new ObjectId(hex);
}

const iso = /^(\d{4}|[+-]\d{6})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/** ISO 8601, or ms since the epoch; parts as `new Date(2024, 0, 1)` takes them. Without a zone it is UTC. */
function date(args: readonly ShellValue[]): Date {
  const [given] = args;
  if (given === undefined) return new Date();
  if (args.length > 1) return valid(new Date(...(args.map(numberOf) as [number, number])));
  if (given instanceof Date) return given;
  if (typeof given !== 'string') return valid(new Date(numberOf(given)));
  const match = iso.exec(given.trim());
  if (!match) throw new Error('A date is written as 2026-01-31, 2026-01-31T12:00:00Z, or in ms since 1970.');
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return valid(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`));
}

function valid(made: Date): Date {
  if (Number.isNaN(made.getTime())) throw new Error('There is no such date: JavaScript knows those from 271821 BC to 275760 AD.');
  return made;
}

function int([given]: readonly ShellValue[]): Int32 {
  return new Int32(whole(given, -(2 ** 31), 2 ** 31 - 1));
}

const longest = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

function long([given]: readonly ShellValue[]): Long {
  const text = typeof given === 'string' ? given.trim() : String(numberOf(given));
  if (!/^[+-]?\d+$/.test(text)) throw new Error('A long is a whole number.');
  const value = BigInt(text);
  if (value < longest.least || value > longest.most) throw new Error('A long has 64 bits.');
  return Long.fromBigInt(value);
}

function decimal([given]: readonly ShellValue[]): Decimal128 {
  const text = typeof given === 'string' ? given.trim() : String(numberOf(given));
  try {
    return Decimal128.fromString(text);
  } catch {
    throw new Error('A decimal has at most 34 digits, such as 12.50 or 1E+3.');
  }
}

const doubles: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function double([given]: readonly ShellValue[]): Double {
  const text = typeof given === 'string' ? given.trim() : String(numberOf(given));
  if (given instanceof Double) return given;
  const value = doubles[text] ?? (text === '' ? Number.NaN : Number(text));
  if (Number.isNaN(value) && text !== 'NaN') throw new Error('A double is a number.');
  return new Double(value);
}

function timestamp([first, second]: readonly ShellValue[]): Timestamp {
  const seconds = first instanceof Map ? first.get('t') : first;
  const increment = first instanceof Map ? first.get('i') : second;
  return new Timestamp({ t: whole(seconds, 0, 2 ** 32 - 1), i: whole(increment, 0, 2 ** 32 - 1) });
}

function uuid(text: string): Binary {
  const hex = text.replace(/^\{|\}$/g, '').replaceAll('-', '');
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) throw new Error('A UUID is written with 32 hexadecimal digits.');
  return binary(4, Buffer.from(hex, 'hex'));
}

export function binary(subType: number, data: Buffer): Binary {
  return new Binary(data, subType);
}

export function base64Of(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error('The data is written in base64.');
  return text;
}

function hexOf(text: string): string {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new Error('The data is written in pairs of hexadecimal digits.');
  return text;
}

export function textOf(value: ShellValue, what: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${what} is given as a text.`);
}

function whole(value: ShellValue, least: number, most: number): number {
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : numberOf(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new Error(`A whole number from ${least} to ${most} is wanted.`);
  return number;
}

/** A number for reckoning with. Longs and decimals are not reckoned with: they would be rounded. */
export function numberOf(value: ShellValue): number {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Date) return value.getTime();
  throw new Error('A number is wanted here.');
}

/** A number as the shell stores it: whole ones of 32 bits as int, all others as double. */
export function stored(value: number): Int32 | Double {
  return Number.isInteger(value) && !Object.is(value, -0) && value >= -(2 ** 31) && value < 2 ** 31 ? new Int32(value) : new Double(value);
}
