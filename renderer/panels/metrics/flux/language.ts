/** Flux for the editor: a tokenizer that knows what a word is by what stands around it. */
import { LanguageSupport, StreamLanguage, type StringStream } from '@codemirror/language';

interface State {
  /** Inside of a string that began on an earlier line, or of `${…}` in one: how deep its braces are. */
  inString: boolean;
  braces: number[];
  /** The last token was `=~`, `!~` or what else a regular expression may follow. */
  regexNext: boolean;
}

const keywords = new Set([
  'import',
  'package',
  'option',
  'builtin',
  'return',
  'if',
  'then',
  'else',
  'and',
  'or',
  'not',
  'exists',
  'testcase',
  'test',
]);
const atoms = new Set(['true', 'false']);

export function fluxToken(stream: StringStream, state: State): string | null {
  if (state.inString) return restOfString(stream, state);
  if (stream.eatSpace()) return null;
  const regexNext = state.regexNext;
  state.regexNext = false;
  if (stream.match('//')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match('"')) {
    state.inString = true;
    return restOfString(stream, state);
  }
  if (stream.match(/^[=!]~/)) {
    state.regexNext = true;
    return 'operator';
  }
  if (regexNext && stream.match(/^\/(\\.|[^\\/])*\//)) return 'regexp';
  if (stream.match(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?/)) return 'number';
  if (stream.match(/^(\d+(y|mo|w|d|h|m(?!o)|s|ms|us|µs|ns))+\b/)) return 'number';
  if (stream.match(/^\d+(\.\d+)?([eE][+-]?\d+)?|^\.\d+/)) return 'number';
  if (stream.match(/^[A-Za-z_]\w*/)) return word(stream, stream.current());
  const character = stream.next();
  const depth = state.braces.length - 1;
  if (character === '{' && depth >= 0) state.braces[depth]!++;
  if (character === '}' && depth >= 0 && --state.braces[depth]! < 0) {
    state.braces.pop();
    state.inString = true;
    return 'string';
  }
  if (character === '|' && stream.eat('>')) return 'operator';
  return /[=<>!+\-*/%^]/.test(character ?? '') ? 'operator' : null;
}

function word(stream: StringStream, text: string): string {
  if (keywords.has(text)) return 'keyword';
  if (atoms.has(text)) return 'bool';
  if (stream.match(/^\s*\(/, false)) return 'variableName.function';
  if (stream.match(/^\s*:/, false)) return 'propertyName';
  return 'variableName';
}

function restOfString(stream: StringStream, state: State): string {
  let escaped = false;
  while (!stream.eol()) {
    const character = stream.next();
    if (escaped) escaped = false;
    else if (character === '\\') escaped = true;
    else if (character === '"') {
      state.inString = false;
      return 'string';
    } else if (character === '$' && stream.eat('{')) {
      state.inString = false;
      state.braces.push(0);
      return 'string';
    }
  }
  return 'string';
}

export const fluxLanguage = StreamLanguage.define<State>({
  name: 'flux',
  startState: () => ({ inString: false, braces: [], regexNext: false }),
  copyState: (state) => ({ ...state, braces: [...state.braces] }),
  token: fluxToken,
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
});

export function flux(): LanguageSupport {
  return new LanguageSupport(fluxLanguage);
}
