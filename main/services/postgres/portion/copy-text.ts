/** Rows in COPY's text format, read: https://www.postgresql.org/docs/17/sql-copy.html#SQL-COPY-FILE-FORMATS */

const named: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** @param line without the newline that ends it */
export function copyFields(line: string): (string | null)[] {
  return line.split('\t').map((field) => {
    if (field === '\\N') return null;
    if (!field.includes('\\')) return field;
    return field.replaceAll(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, escaped: string) => {
      if (/^x[0-9a-fA-F]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
      if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8));
      return named[escaped] ?? escaped;
    });
  });
}

/** Whole lines out of chunks; what stands after the last newline waits for the next. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(10);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield whole.toString('utf8').split('\n');
  }
  if (rest.length > 0) yield [Buffer.concat(rest).toString('utf8')];
}

export function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
