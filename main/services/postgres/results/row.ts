/** One row as the server sent it: a DataRow message of `D`, its length, how many values, and each value's length and bytes. */
import type { SqlCell } from '../../../../preload/contract/sql.ts';

/** Before the first value. */
const head = 7;

export function rowEnd(bytes: Buffer, at: number): number {
  return at + 1 + bytes.readUInt32BE(at + 1);
}

/** Calls for each value in order; `length` -1 is NULL. */
export function eachValue(bytes: Buffer, row: number, act: (index: number, from: number, length: number) => void): void {
  const count = bytes.readUInt16BE(row + 5);
  let at = row + head;
  for (let index = 0; index < count; index++) {
    const length = bytes.readInt32BE(at);
    at += 4;
    act(index, at, length);
    if (length > 0) at += length;
  }
}

/** Where one value of a row stands. */
export function valueAt(bytes: Buffer, row: number, column: number): { from: number; length: number } {
  let at = row + head;
  for (let index = 0; index < column; index++) at += 4 + Math.max(0, bytes.readInt32BE(at));
  return { from: at + 4, length: bytes.readInt32BE(at) };
}

/** All values of a row in text. */
export function rowTexts(bytes: Buffer, row: number): (string | null)[] {
  const values: (string | null)[] = new Array(bytes.readUInt16BE(row + 5));
  eachValue(bytes, row, (index, from, length) => {
    values[index] = length < 0 ? null : bytes.toString('utf8', from, from + length);
  });
  return values;
}

/** A row for a page. @param most bytes of a value before it is cut */
export function rowCells(bytes: Buffer, row: number, most: number): SqlCell[] {
  const cells: SqlCell[] = new Array(bytes.readUInt16BE(row + 5));
  eachValue(bytes, row, (index, from, length) => {
    if (length < 0) cells[index] = null;
    else if (length <= most) cells[index] = bytes.toString('utf8', from, from + length);
    else cells[index] = { cut: bytes.toString('utf8', from, characterEnd(bytes, from, from + most)), bytes: length };
  });
  return cells;
}

/** The end of the last whole character before `end`: UTF-8 bytes that go on with a character begin with 10. */
export function characterEnd(bytes: Buffer, from: number, end: number): number {
  let at = end;
  while (at > from && at > end - 4 && (bytes[at]! & 0xc0) === 0x80) at--;
  return at;
}
