import type { Value } from './document.ts';

const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration such as `1m30s`, `500ms` or `10s`. @returns ms */
export function duration(value: Value): number {
  const text = value.text();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw value.error('a duration such as 10s or 1m30s was expected');
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}

const sizes: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** A size such as `64m`, `2gb` or `1024`. @returns bytes */
export function bytes(value: Value): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmg])b?|b)?$/i.exec(value.text());
  if (!match) throw value.error('a size such as 64m or 2gb was expected');
  return Math.round(Number(match[1]) * (sizes[match[2]?.toLowerCase() ?? ''] ?? 1));
}

/** Permission bits such as `0440`. */
export function octal(value: Value): number {
  const digits = /^(?:0o|0)?([0-7]{3,4})$/.exec(value.text())?.[1];
  if (!digits) throw value.error('octal permission bits such as 0440 were expected');
  return Number.parseInt(digits, 8);
}

/** Splits a command line as a shell would: spaces part, quotes and backslashes hold together; nothing is expanded. */
export function words(value: Value): string[] {
  const line = value.text();
  const found: string[] = [];
  const word = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gsy;
  for (let at = skipSpaces(line, 0); at < line.length; at = skipSpaces(line, word.lastIndex)) {
    word.lastIndex = at;
    const [match] = word.exec(line) ?? [];
    if (match === undefined || /\S/.test(line[word.lastIndex] ?? ' ')) throw value.error('it has a quote that is not closed');
    found.push(
      match.replaceAll(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
        (_, escaped, double, single) => escaped ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? single,
      ),
    );
  }
  return found;
}

function skipSpaces(line: string, at: number): number {
  while (at < line.length && /\s/.test(line[at]!)) at++;
  return at;
}
