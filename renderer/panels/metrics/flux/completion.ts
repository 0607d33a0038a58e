/** What may stand at the cursor: functions, their parameters, buckets, measurements, fields and tags. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';

export interface FluxFunction {
  name: string;
  parameters: { name: string; type: string }[];
}

/** Names of the server, asked for when they are needed. */
export interface FluxNames {
  functions(): Promise<readonly FluxFunction[]>;
  buckets(): Promise<readonly string[]>;
  measurements(bucket: string): Promise<readonly string[]>;
  fields(bucket: string, measurement: string): Promise<readonly string[]>;
  tags(bucket: string, measurement: string): Promise<readonly string[]>;
  values(bucket: string, measurement: string, key: string): Promise<readonly string[]>;
}

/** Where a name is expected, by what stands before it. */
export type Place =
  | { kind: 'bucket' }
  | { kind: 'column' }
  | { kind: 'value'; column: string }
  | { kind: 'import' }
  | { kind: 'parameter'; of: string }
  | { kind: 'member'; of: string }
  | { kind: 'word' };

const variables = ['timeRangeStart', 'timeRangeStop', 'windowPeriod', 'defaultBucket'];
const words = ['import', 'option', 'return', 'if', 'then', 'else', 'and', 'or', 'not', 'exists', 'true', 'false'];
export const packages = [
  'array', 'csv', 'date', 'dict', 'experimental', 'experimental/aggregate', 'generate', 'http/requests', 'influxdata/influxdb', 'influxdata/influxdb/monitor',
  'influxdata/influxdb/sample', 'influxdata/influxdb/schema', 'influxdata/influxdb/tasks', 'internal/debug', 'interpolate', 'join', 'json', 'math', 'regexp',
  'runtime', 'sampledata', 'sql', 'strings', 'system', 'timezone', 'types', 'universe',
]; // biome-ignore format: a list is read as a list

/** What a string literal or word that ends at the cursor stands for. @param before the text before it */
export function placeOf(before: string, inString: boolean): Place {
  const text = before.slice(-2_000);
  if (inString) {
    if (/\bimport\s*$/.test(text)) return { kind: 'import' };
    if (/\bbucket:\s*$/.test(text)) return { kind: 'bucket' };
    if (/\br\s*\[\s*$/.test(text)) return { kind: 'column' };
    const compared = /\br\s*(?:\[\s*"([^"]+)"\s*\]|\.(\w+))\s*(?:==|!=)\s*$/.exec(text);
    if (compared) return { kind: 'value', column: compared[1] ?? compared[2]! };
    if (/\b(columns|rowKey|columnKey|column|tag|on)\s*:\s*\[?(\s*"[^"]*"\s*,)*\s*$/.test(text)) return { kind: 'column' };
    return { kind: 'word' };
  }
  const member = /\b(\w+)\.$/.exec(text);
  if (member) return member[1] === 'r' ? { kind: 'column' } : { kind: 'member', of: member[1]! };
  const inside = openCall(text);
  if (inside && /[(,]\s*$/.test(text)) return { kind: 'parameter', of: inside };
  return { kind: 'word' };
}

/** The function whose parentheses are open at the end. */
function openCall(text: string): string | undefined {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at]!;
    if (character === ')' || character === ']' || character === '}') depth++;
    else if (character === '(' || character === '[' || character === '{') {
      if (depth > 0) depth--;
      else return character === '(' ? /([\w.]+)\s*$/.exec(text.slice(0, at))?.[1] : undefined;
    }
  }
  return undefined;
}

/** The bucket and measurement that are spoken of, as last named before the cursor. */
export function spokenOf(before: string): { bucket?: string; measurement?: string } {
  const last = (pattern: RegExp) =>
    [...before.matchAll(pattern)]
      .at(-1)
      ?.slice(1)
      .find((group) => group !== undefined);
  return {
    bucket: last(/\bbucket:\s*"((?:[^"\\]|\\.)+)"/g),
    measurement: last(/\b_measurement"?\s*\]?\s*==\s*"((?:[^"\\]|\\.)+)"/g),
  };
}

const ownColumns = ['_time', '_value', '_field', '_measurement', '_start', '_stop'];

export function fluxCompletion(names: FluxNames) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const quoted = context.matchBefore(/"[^"\n]*$/);
    const inString = quoted !== null && isOpenQuote(context.state.sliceDoc(0, quoted.from));
    const word = inString ? quoted : context.matchBefore(/\w*$/);
    if (word === null) return null;
    const from = inString ? word.from + 1 : word.from;
    const before = context.state.sliceDoc(0, word.from);
    const place = placeOf(before, inString);
    if (!inString && place.kind === 'word' && word.text === '' && !context.explicit) return null;
    const options = await optionsFor(place, before, names, inString).catch(() => []);
    return context.aborted || options.length === 0 ? null : { from, options, validFor: inString ? /^[^"\n]*$/ : /^\w*$/ };
  };
}

/** Whether a quote here would open a string, rather than close one. */
function isOpenQuote(before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (line.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 0;
}

async function optionsFor(place: Place, before: string, names: FluxNames, inString: boolean): Promise<Completion[]> {
  const { bucket, measurement } = spokenOf(before);
  switch (place.kind) {
    case 'import':
      return plain(packages, 'namespace', 'package');
    case 'bucket':
      return plain(await names.buckets(), 'constant', 'bucket');
    case 'column': {
      const tags = bucket && measurement ? await names.tags(bucket, measurement) : [];
      return [...plain(tags, 'property', 'tag'), ...plain(ownColumns, 'property')];
    }
    case 'value':
      return bucket === undefined ? [] : valuesOf(place.column, bucket, measurement, names);
    case 'member':
      return place.of === 'v' ? plain(variables, 'variable') : [];
    case 'parameter': {
      const parameters = (await names.functions()).find(({ name }) => name === place.of)?.parameters ?? [];
      return parameters.map(({ name, type }) => ({ label: name, type: 'property', detail: type, apply: `${name}: `, boost: 5 }));
    }
    case 'word': {
      if (inString) return [];
      const functions = (await names.functions()).map(
        ({ name, parameters }): Completion => ({ label: name, type: 'function', detail: parameters.map((each) => each.name).join(', ') }),
      );
      return [...functions, ...plain(words, 'keyword'), ...plain(['v'], 'variable', 'range and window')];
    }
  }
}

async function valuesOf(column: string, bucket: string, measurement: string | undefined, names: FluxNames): Promise<Completion[]> {
  if (column === '_measurement') return plain(await names.measurements(bucket), 'constant', 'measurement');
  if (measurement === undefined) return [];
  if (column === '_field') return plain(await names.fields(bucket, measurement), 'constant', 'field');
  return plain(await names.values(bucket, measurement, column), 'constant', column);
}

function plain(labels: readonly string[], type: string, detail?: string): Completion[] {
  return labels.map((label) => ({ label, type, detail, apply: escaped(label) }));
}

/** As it stands inside of a string literal. */
function escaped(label: string): string {
  return label.replace(/[\\"]/g, '\\$&').replaceAll('${', '\\${').replaceAll('\n', '\\n');
}
