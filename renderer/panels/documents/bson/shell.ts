/** BSON as the shell writes it. What it writes is read back by the core as the same value of the same type. */
import type { Bson } from './bson.ts';

/** Values on one line up to this many characters. */
const lineWidth = 80;

/** On several lines, two spaces a level. */
export function shellText(value: Bson, indent = ''): string {
  const compact = shellLine(value, lineWidth + 1);
  if (compact.length <= lineWidth - indent.length && !(value.kind === 'object' && indent === '' && value.fields.length > 1)) return compact;
  const deeper = `${indent}  `;
  if (value.kind === 'object' && value.fields.length > 0) {
    const lines = value.fields.map(([name, field]) => `${deeper}${keyText(name)}: ${shellText(field, deeper)}`);
    return `{\n${lines.join(',\n')}\n${indent}}`;
  }
  if (value.kind === 'array' && value.items.length > 0) {
    return `[\n${value.items.map((item) => `${deeper}${shellText(item, deeper)}`).join(',\n')}\n${indent}]`;
  }
  return shellLine(value);
}

/** On one line. @param most characters after which the rest need not be there: for previews and for finding out whether it fits */
export function shellLine(value: Bson, most = Number.POSITIVE_INFINITY): string {
  if (value.kind === 'object') {
    let text = '{';
    for (const [index, [name, field]] of value.fields.entries()) {
      if (text.length > most) return text;
      text += `${index === 0 ? ' ' : ', '}${keyText(name)}: ${shellLine(field, most - text.length)}`;
    }
    return value.fields.length === 0 ? '{}' : `${text} }`;
  }
  if (value.kind === 'array') {
    let text = '[';
    for (const [index, item] of value.items.entries()) {
      if (text.length > most) return text;
      text += `${index === 0 ? '' : ', '}${shellLine(item, most - text.length)}`;
    }
    return `${text}]`;
  }
  if (value.kind === 'string' && value.value.length > most) return quoted(`${value.value.slice(0, most)}…`);
  return scalar(value);
}

/** A value that holds no others. */
export function scalar(value: Exclude<Bson, { kind: 'object' | 'array' }>): string {
  switch (value.kind) {
    case 'string':
      return quoted(value.value);
    case 'bool':
      return String(value.value);
    case 'int':
      return value.text;
    case 'long':
      return `NumberLong('${value.text}')`;
    case 'double':
      return doubleText(value.text);
    case 'decimal':
      return `NumberDecimal('${value.text}')`;
    case 'objectId':
      return `ObjectId('${value.hex}')`;
    case 'date':
      return dateText(value.ms);
    case 'binary':
      return binaryText(value);
    case 'regex':
      return regexText(value);
    case 'timestamp':
      return `Timestamp(${value.t}, ${value.i})`;
    case 'code':
      return `Code(${quoted(value.code)}${value.scope === null ? '' : `, ${shellLine(value.scope)}`})`;
    case 'symbol':
      return `Symbol(${quoted(value.value)})`;
    case 'dbPointer':
      return `DBPointer(${quoted(value.ref)}, ObjectId('${value.hex}'))`;
    case 'minKey':
      return 'MinKey()';
    case 'maxKey':
      return 'MaxKey()';
    default:
      return value.kind;
  }
}

/** A name as it stands before a colon. */
export function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** In single quotes, or in double ones where that saves escapes; what would not be seen is escaped. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (text.includes("'") && !text.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function doubleText(text: string): string {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text;
  // 5.0 would be an int in the shell, and -0.0 too.
  return Number.isInteger(Number(text)) ? `Double('${text}')` : text;
}

function dateText(ms: string): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime())
    ? `new Date(NumberLong('${ms}'))`
    : date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999
      ? `ISODate('${date.toISOString()}')`
      : `new Date(${ms})`;
}

function binaryText({ base64, subType }: { base64: string; subType: number }): string {
  const uuid = subType === 4 ? uuidOf(base64) : undefined;
  return uuid === undefined ? `BinData(${subType}, '${base64}')` : `UUID('${uuid}')`;
}

/** Sixteen bytes as a UUID; undefined when they are not sixteen. */
export function uuidOf(base64: string): string | undefined {
  const bytes = atob(base64);
  if (bytes.length !== 16) return undefined;
  const hex = [...bytes].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** As a literal where that reads back the same. */
function regexText({ pattern, options }: { pattern: string; options: string }): string {
  const literal =
    pattern !== '' &&
    !/[\n\r\u2028\u2029/]/.test(pattern) &&
    !pattern.startsWith('*') &&
    !/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern) &&
    !pattern.includes('[');
  if (literal && /^[a-z]*$/.test(options)) return `/${pattern}/${options}`;
  return `RegExp(${quoted(pattern)}${options === '' ? '' : `, ${quoted(options)}`})`;
}
