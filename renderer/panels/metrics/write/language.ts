/** Line protocol for the editor: measurement, tags, fields and time look different. */
import { LanguageSupport, StreamLanguage, type StringStream } from '@codemirror/language';

interface State {
  at: 'tags' | 'fields' | 'time';
  inString: boolean;
}

const language = StreamLanguage.define<State>({
  name: 'line-protocol',
  startState: () => ({ at: 'tags', inString: false }),
  token(stream, state) {
    if (stream.sol() && !state.inString) {
      state.at = 'tags';
      if (stream.match(/^\s*#.*/)) return 'comment';
      stream.match(/^\s*/);
      return stream.match(/^(\\.|[^\\,\s])+/) ? 'keyword' : other(stream);
    }
    if (state.inString || stream.match('"')) {
      state.inString = true;
      while (!stream.eol()) {
        const character = stream.next();
        if (character === '\\') stream.next();
        else if (character === '"') {
          state.inString = false;
          break;
        }
      }
      return 'string';
    }
    if (stream.match(/^\s+/)) {
      state.at = state.at === 'tags' ? 'fields' : 'time';
      return null;
    }
    if (state.at === 'time') return stream.match(/^-?\d+/) ? 'number' : other(stream);
    if (stream.match(/^(\\.|[^\\,=\s"])+(?==)/)) return 'propertyName';
    if (stream.match(/^[,=]/)) return 'punctuation';
    if (stream.match(/^(\\.|[^\\,=\s"])+/)) return state.at === 'tags' ? 'string' : 'number';
    return other(stream);
  },
});

function other(stream: StringStream): null {
  stream.next();
  return null;
}

export function lineProtocol(): LanguageSupport {
  return new LanguageSupport(language);
}
