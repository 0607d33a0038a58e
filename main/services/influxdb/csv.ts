/** Annotated CSV cut into records and cells. https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/ */

/** Takes text as it comes and gives the records that are whole. Most have no quotes, and need no look at every character. */
export class CsvRecords {
  #rest = '';

  /** @returns records without their line ends; a cell in quotes may hold line breaks */
  *read(text: string): Generator<string> {
    const all = this.#rest + text;
    let from = 0;
    let quote = next(all, '"', 0);
    for (;;) {
      let end = next(all, '\n', from);
      if (quote < end) {
        end = endOfQuoted(all, from);
        quote = next(all, '"', end);
      }
      if (end === Number.POSITIVE_INFINITY) break;
      yield all.slice(from, end > from && all[end - 1] === '\r' ? end - 1 : end);
      from = end + 1;
    }
    this.#rest = all.slice(from);
  }

  /** A last record without a line end; empty when there is none. */
  end(): string {
    return this.#rest;
  }
}

/** Where the record ends that begins there and has quotes. */
function endOfQuoted(text: string, from: number): number {
  let inside = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') inside = !inside;
    else if (text[at] === '\n' && !inside) return at;
  }
  return Number.POSITIVE_INFINITY;
}

function next(text: string, what: string, from: number): number {
  const at = from === Number.POSITIVE_INFINITY ? -1 : text.indexOf(what, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

export function cellsOf(record: string): string[] {
  if (!record.includes('"')) return record.split(',');
  const cells: string[] = [];
  let cell = '';
  let inside = false;
  for (let at = 0; at < record.length; at++) {
    const char = record[at]!;
    if (char === '"') {
      if (inside && record[at + 1] === '"') cell += record[++at];
      else inside = !inside;
    } else if (char === ',' && !inside) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell];
}
