/** What a value sorts and compares by: a number, and the bytes that decide between equal ones. In the order of PostgreSQL, but for texts, which go by their bytes (as collation "C"). */
import type { ValueKind } from '../../../../preload/contract/sql.ts';
import { limits } from '../../../limits.ts';

export interface Key {
  readonly number: number;
  /** As latin-1: JavaScript compares it as the bytes compare. */
  readonly tie: string;
}

/** Of a value's bytes. */
export type KeyOf = (bytes: Buffer, from: number, length: number) => Key;

export function keyOf(kind: ValueKind): KeyOf {
  if (kind === 'number') return (bytes, from, length) => numberKey(bytes.toString('latin1', from, from + length));
  if (kind === 'time') return (bytes, from, length) => timeKey(bytes.toString('latin1', from, from + length));
  return textKey;
}

export function compareKeys(kind: ValueKind, a: Key, b: Key): number {
  if (a.number !== b.number) return a.number < b.number ? -1 : 1;
  if (a.tie === b.tie) return 0;
  if (kind === 'number') return compareDecimals(a.tie, b.tie);
  return a.tie < b.tie ? -1 : 1;
}

/** The first six bytes as a number, which is exact and quick, then all that is looked at. */
function textKey(bytes: Buffer, from: number, length: number): Key {
  let number = 0;
  for (let at = 0; at < 6; at++) number = number * 256 + (at < length ? bytes[from + at]! : 0);
  return { number, tie: length === 0 ? '' : bytes.toString('latin1', from, from + Math.min(length, limits.sqlSortKeyBytes)) };
}

/** NaN is above everything, as PostgreSQL has it. Digits that a double cannot hold decide as written. */
function numberKey(text: string): Key {
  const number = Number(text);
  if (Number.isNaN(number)) return { number: Number.POSITIVE_INFINITY, tie: text === 'NaN' ? '~' : text };
  return { number, tie: text.length <= 15 ? '' : text };
}

/** Decimals of equal doubles, exactly. */
export function compareDecimals(a: string, b: string): number {
  const left = decimal(a);
  const right = decimal(b);
  if (left === undefined || right === undefined) return a < b ? -1 : a > b ? 1 : 0;
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const sign = left.negative ? -1 : 1;
  if (left.whole.length !== right.whole.length) return left.whole.length < right.whole.length ? -sign : sign;
  if (left.whole !== right.whole) return left.whole < right.whole ? -sign : sign;
  return left.fraction === right.fraction ? 0 : left.fraction < right.fraction ? -sign : sign;
}

function decimal(text: string): { negative: boolean; whole: string; fraction: string } | undefined {
  const match = /^(-?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (!match || text === '') return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  return { negative: sign === '-' && (whole !== '' || fraction !== ''), whole, fraction };
}

const stamp = /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?)?(?:([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?( BC)?$/;
const clock = /^(\d\d):(\d\d):(\d\d)(\.\d+)?(?:([+-])(\d\d)(?::?(\d\d))?)?$/;

function timeKey(text: string): Key {
  if (text === 'infinity') return { number: Number.POSITIVE_INFINITY, tie: '' };
  if (text === '-infinity') return { number: Number.NEGATIVE_INFINITY, tie: '' };
  const date = stamp.exec(text);
  if (date) {
    const [
      ,
      year,
      month,
      day,
      hour = '0',
      minute = '0',
      second = '0',
      fraction = '',
      sign,
      offsetHours = '0',
      offsetMinutes = '0',
      offsetSeconds = '0',
      bc,
    ] = date;
    const shift = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60 + Number(offsetSeconds));
    const days = daysFrom(bc ? 1 - Number(year) : Number(year), Number(month), Number(day));
    return { number: days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - shift, tie: fraction };
  }
  const time = clock.exec(text);
  if (time) {
    const [, hour, minute, second, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = time;
    const shift = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60);
    return { number: Number(hour) * 3600 + Number(minute) * 60 + Number(second) - shift, tie: fraction };
  }
  return { number: intervalSeconds(text) ?? Number.POSITIVE_INFINITY, tie: text };
}

/** Days of the proleptic Gregorian calendar: Date ends long before PostgreSQL does. */
function daysFrom(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
}

/** As PostgreSQL compares them: a month is 30 days, a day 24 hours. */
function intervalSeconds(text: string): number | undefined {
  let seconds = 0;
  let found = false;
  for (const [, amount, unit] of text.matchAll(/(-?\d+) (year|mon|day)s?/g)) {
    seconds += Number(amount) * (unit === 'year' ? 31_104_000 : unit === 'mon' ? 2_592_000 : 86_400);
    found = true;
  }
  const clockPart = /(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (clockPart) {
    const [, sign, hours, minutes, rest] = clockPart;
    seconds += (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(rest));
    found = true;
  }
  return found ? seconds : undefined;
}
