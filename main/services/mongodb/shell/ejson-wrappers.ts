/** `{"$oid": "…"}` and the other wrappers of Extended JSON, v2 and the older forms that tools still write. */
import { BSONRegExp, BSONSymbol, Code, MaxKey, MinKey, type Timestamp } from 'mongodb';
import { base64Of, binary, makers, type ShellDocument, type ShellValue, textOf } from './values.ts';

type Unwrap = (value: ShellValue, document: ShellDocument) => ShellValue;

const whole = (make: keyof typeof makers): Unwrap => {
  return (value) => makers[make]!([value]);
};

/** The driver would write them as something else, without a word. */
export function notWritten(type: string): string {
  return `${type} is a type of old servers, and cannot be written.`;
}

/** By the first field; how many fields there may be. */
const wrappers: Readonly<Record<string, { readonly fields: readonly string[]; readonly unwrap: Unwrap }>> = {
  $oid: { fields: ['$oid'], unwrap: whole('ObjectId') },
  $numberInt: { fields: ['$numberInt'], unwrap: whole('NumberInt') },
  $numberLong: { fields: ['$numberLong'], unwrap: whole('NumberLong') },
  $numberDouble: { fields: ['$numberDouble'], unwrap: whole('Double') },
  $numberDecimal: { fields: ['$numberDecimal'], unwrap: whole('NumberDecimal') },
  $uuid: { fields: ['$uuid'], unwrap: whole('UUID') },
  $date: {
    fields: ['$date'],
    // In Extended JSON the ms stand in a long.
    unwrap: (value) =>
      makers.Date!([value !== null && typeof value === 'object' && 'toBigInt' in value ? makers.Double!([String(value)]) : value]),
  },
  $binary: {
    fields: ['$binary', '$type'],
    unwrap(value, document) {
      const inner = value instanceof Map ? value : undefined;
      const data = textOf(inner ? inner.get('base64') : value, 'The data');
      const subType = textOf(inner ? inner.get('subType') : (document.get('$type') ?? '00'), 'The subtype');
      if (!/^[0-9a-fA-F]{1,2}$/.test(subType)) throw new Error('A subtype is written with two hexadecimal digits.');
      return binary(Number.parseInt(subType, 16), Buffer.from(base64Of(data), 'base64'));
    },
  },
  $timestamp: { fields: ['$timestamp'], unwrap: (value) => makers.Timestamp!([value]) as Timestamp },
  $regularExpression: {
    fields: ['$regularExpression'],
    unwrap(value) {
      if (!(value instanceof Map)) throw new Error('A regular expression has a pattern and options.');
      return new BSONRegExp(textOf(value.get('pattern'), 'The pattern'), textOf(value.get('options') ?? '', 'The options'));
    },
  },
  $minKey: { fields: ['$minKey'], unwrap: () => new MinKey() },
  $maxKey: { fields: ['$maxKey'], unwrap: () => new MaxKey() },
  $undefined: {
    fields: ['$undefined'],
    unwrap() {
      throw new Error(notWritten('undefined'));
    },
  },
  $symbol: { fields: ['$symbol'], unwrap: (value) => new BSONSymbol(textOf(value, 'A symbol')) },
  $code: {
    fields: ['$code', '$scope'],
    unwrap: (value, document) => new Code(textOf(value, 'The code'), document.get('$scope') as never),
  },
  $dbPointer: {
    fields: ['$dbPointer'],
    unwrap() {
      throw new Error(notWritten('DBPointer'));
    },
  },
};

/** The value that a wrapper stands for; the document itself where it is none. @throws Error in words */
export function unwrapped(document: ShellDocument): ShellValue {
  const [first] = document.keys();
  const wrapper = first?.startsWith('$') && Object.hasOwn(wrappers, first) ? wrappers[first] : undefined;
  if (!wrapper || ![...document.keys()].every((key) => wrapper.fields.includes(key))) return document;
  return wrapper.unwrap(document.get(first!), document);
}
