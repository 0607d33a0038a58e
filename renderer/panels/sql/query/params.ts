/** Names of the `:name` parameters in a text, in order, as the core finds them: not in strings, comments or casts. */
const skipped =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|::|:=|[\w"'\])]:[A-Za-z_]\w*|:([A-Za-z_]\w*)/g;

export function paramsIn(text: string): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(skipped)) if (match[2] !== undefined) names.add(match[2]);
  return [...names];
}
