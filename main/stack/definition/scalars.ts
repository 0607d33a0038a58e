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

const sizes: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** A size such as `64m`, `2gb` or `1024`. @returns bytes */
export function bytes(value: Value): number {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmg])?b?$/i.exec(value.text());
  if (!match) throw value.error('a size such as 64m or 2gb was expected');
  return Math.round(Number(match[1]) * sizes[match[2]?.toLowerCase() ?? 'b']!);
}

/** Splits a command line as a shell would: spaces part, quotes and backslashes hold together; nothing is expanded. */
export function words(line: string): string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)) {
    found.push(
      word.replaceAll(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
        (_, escaped, double, single) => escaped ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? single,
      ),
    );
  }
  return found;
}
