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
  return expand(text, 0, { variables, inside: false, used: true }).value;
}

interface Scope {
  readonly variables: Variables;
  /** Within braces: ends at the one that closes. */
  readonly inside: boolean;
  /** False in a default that is not needed: what is missing there is not missed. */
  readonly used: boolean;
}

interface Expanded {
  readonly value: string;
  readonly end: number;
}

const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Expands from `start` to the end of the text or, inside braces, to the closing one. */
function expand(text: string, start: number, scope: Scope): Expanded {
  let value = '';
  for (let at = start; at < text.length; ) {
    const char = text[at]!;
    if (scope.inside && char === '}') return { value, end: at };
    if (char !== '$') {
      value += char;
      at++;
    } else if (text[at + 1] === '$') {
      value += '$';
      at += 2;
    } else if (text[at + 1] === '{') {
      const braced = expandBraced(text, at + 2, scope);
      value += braced.value;
      at = braced.end;
    } else {
      const name = matchName(text, at + 1);
      if (name === undefined) throw new InterpolationError(`"${text}" has a "$" before no name; write "$$" for a dollar.`);
      value += scope.variables[name] ?? '';
      at += 1 + name.length;
    }
  }
  if (scope.inside) throw new InterpolationError(`"${text}" has a "\${" that is not closed.`);
  return { value, end: text.length };
}

function expandBraced(text: string, start: number, scope: Scope): Expanded {
  const name = matchName(text, start);
  if (name === undefined) throw new InterpolationError(`"${text}" has a "\${" before no name.`);
  const operator = /^(:?[-?+])?/.exec(text.slice(start + name.length, start + name.length + 2))![0];
  const given = scope.variables[name];
  const set = given !== undefined && !(operator.startsWith(':') && given === '');
  const kind = operator.at(-1);
  const used = scope.used && (kind === '+' ? set : !set);
  const { value: operand, end } = expand(text, start + name.length + operator.length, { variables: scope.variables, inside: true, used });
  if (kind === undefined && operand !== '') throw new InterpolationError(`"${text}" has "${operand}" after ${name}, which is no operator.`);
  if (kind === '?' && used) throw new InterpolationError(operand || `${name} is not set.`, name);
  if (kind === '+') return { value: set ? operand : '', end: end + 1 };
  if (kind === '-' && !set) return { value: operand, end: end + 1 };
  return { value: given ?? '', end: end + 1 };
}

function matchName(text: string, at: number): string | undefined {
  nameAt.lastIndex = at;
  return nameAt.exec(text)?.[0];
}
