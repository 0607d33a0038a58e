/** Where a text stops being JSON: V8 tells the place only sometimes. */
const token =
  /\s*(?:(?<string>"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<word>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|(?<sign>[[\]{},:]))/y;

/** @returns characters from the start; the length of a text that ends too early */
export function jsonProblemAt(text: string): number {
  const open: ('{' | '[')[] = [];
  /** What may come next. */
  let want: 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'nothing' = 'value';
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const match = token.exec(text);
    const place = at + /^\s*/.exec(text.slice(at))![0].length;
    if (!match) return place;
    const { string, word, sign } = match.groups!;
    const after = (): typeof want => (open.length === 0 ? 'nothing' : 'comma-or-end');
    if (want === 'nothing') return place;
    if (want.startsWith('value') && (string ?? word) !== undefined) want = after();
    else if (want.startsWith('value') && (sign === '{' || sign === '[')) {
      open.push(sign);
      want = sign === '{' ? 'name-or-end' : 'value-or-end';
    } else if (want.startsWith('name') && string !== undefined) want = 'colon';
    else if (want === 'colon' && sign === ':') want = 'value';
    else if (want === 'comma-or-end' && sign === ',') want = open.at(-1) === '{' ? 'name' : 'value';
    else if (want.endsWith('end') && sign === (open.at(-1) === '{' ? '}' : ']')) {
      open.pop();
      want = after();
    } else return place;
    at = token.lastIndex;
  }
}
