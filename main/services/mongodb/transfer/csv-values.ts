/** CSV cells to BSON values and back. Dots in a column's name make documents within documents. */
import { Double, Long } from 'mongodb';
import { parseShell } from '../shell/parse.ts';
import { type ShellDocument, type ShellValue, stored } from '../shell/values.ts';

const integer = /^-?(?:0|[1-9]\d{0,18})$/;
const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const isoTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const shellValue = /^(?:ObjectId|ISODate|UUID|NumberLong|NumberDecimal|NumberInt|Double|Timestamp|BinData)\(.*\)$/;

/** What a cell stands for. A number that would not come back as it is written (0123, 1.10) stays a text. */
export function cellValue(text: string, types: 'infer' | 'text'): ShellValue {
  if (types === 'text') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (integer.test(text)) {
    const number = Number(text);
    if (Number.isSafeInteger(number)) return stored(number) instanceof Double ? Long.fromNumber(number) : stored(number);
    return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? Long.fromBigInt(BigInt(text)) : text;
  }
  if (decimal.test(text) && String(Number(text)) === text) return new Double(Number(text));
  if (isoTime.test(text)) return read(`ISODate(${JSON.stringify(text)})`, text);
  if (shellValue.test(text) || /^[[{].*[\]}]$/s.test(text)) return read(text, text);
  return text;
}

function read(shell: string, otherwise: string): ShellValue {
  try {
    return parseShell(shell);
  } catch {
    return otherwise;
  }
}

/** A row as a document. Empty cells are fields that are not there. */
export function rowDocument(columns: readonly string[], cells: readonly string[], types: 'infer' | 'text'): ShellDocument {
  const document: ShellDocument = new Map();
  for (const [index, column] of columns.entries()) {
    const text = cells[index];
    if (text === undefined || text === '') continue;
    const path = column.split('.');
    let parent = document;
    for (const name of path.slice(0, -1)) {
      const inner = parent.get(name);
      const next: ShellDocument = inner instanceof Map ? inner : new Map();
      parent.set(name, next);
      parent = next;
    }
    parent.set(path.at(-1)!, cellValue(text, types));
  }
  return document;
}
