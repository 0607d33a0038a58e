/** Variables in a compose file, after the compose specification's chapter on interpolation. */

export type Variables = Readonly<Record<string, string>>;

/** Why a text cannot be interpolated, for the caller to say where. */
export class InterpolationError extends Error {
  /** The variable that is missing; undefined when the syntax is wrong. */
  readonly variable: string | undefined;

  constructor(message: string, variable?: string) {
    super(message);
    this.variable = variable;
  }
}

/**
 * `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:?message}`, `${X?message}`, `${X:+other}`,
 * `${X+other}`, nested in any of them, and `$$` for a dollar. An unset variable without a default is empty.
 */
export function interpolate(text: string, variables: Variables): string {
  const { value, end } = expand(text, 0, variables, false);
  if (end !== text.length) throw new InterpolationError(`"${text}" has a "}" that nothing opened.`);
  return value;
}

const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Expands from `start` to the end of the text or, inside braces, to the closing one. */
function expand(text: string, start: number, variables: Variables, inside: boolean): { readonly value: string; readonly end: number } {
  let value = '';
  for (let at = start; at < text.length; ) {
    const char = text[at]!;
    if (inside && char === '}') return { value, end: at };
    if (char !== '$') {
      value += char;
      at++;
    } else if (text[at + 1] === '$') {
      value += '$';
      at += 2;
    } else if (text[at + 1] === '{') {
      const braced = expandBraced(text, at + 2, variables);
      value += braced.value;
      at = braced.end;
    } else {
      const name = matchName(text, at + 1);
      if (name === undefined) throw new InterpolationError(`"${text}" has a "$" before no name; write "$$" for a dollar.`);
      value += variables[name] ?? '';
      at += 1 + name.length;
    }
  }
  if (inside) throw new InterpolationError(`"${text}" has a "\${" that is not closed.`);
  return { value, end: text.length };
}

function expandBraced(text: string, start: number, variables: Variables): { readonly value: string; readonly end: number } {
  const name = matchName(text, start);
  if (name === undefined) throw new InterpolationError(`"${text}" has a "\${" before no name.`);
  const operator = /^(:?[-?+])?/.exec(text.slice(start + name.length, start + name.length + 2))![0];
  const { value: operand, end } = expand(text, start + name.length + operator.length, variables, true);
  const set = variables[name] !== undefined && !(operator.startsWith(':') && variables[name] === '');
  const after = end + 1;
  switch (operator.at(-1)) {
    case '-':
      return { value: set ? variables[name]! : operand, end: after };
    case '+':
      return { value: set ? operand : '', end: after };
    case '?':
      if (!set) throw new InterpolationError(operand || `${name} is not set.`, name);
      return { value: variables[name]!, end: after };
    default:
      if (operand !== '') throw new InterpolationError(`"${text}" has "${operand}" after ${name}, which is no operator.`);
      return { value: variables[name] ?? '', end: after };
  }
}

function matchName(text: string, at: number): string | undefined {
  nameAt.lastIndex = at;
  return nameAt.exec(text)?.[0];
}
