import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { type FluxNames, fluxCompletion, placeOf, spokenOf } from './completion.ts';

const names: FluxNames = {
  functions: async () => [{ name: 'range', parameters: [{ name: 'start', type: 'time' }, { name: 'stop', type: 'time' }] }], // biome-ignore format: one line
  buckets: async () => ['metrics', 'say "hi"'],
  measurements: async (bucket) => [`of ${bucket}`],
  fields: async (bucket, measurement) => [`${bucket}/${measurement}`],
  tags: async () => ['host'],
  values: async (_bucket, _measurement, key) => [`${key} 1`],
};

/** Labels offered where the bar stands. */
async function offered(text: string): Promise<string[]> {
  const at = text.indexOf('|#');
  const state = EditorState.create({ doc: text.replace('|#', '') });
  const result = await fluxCompletion(names)(new CompletionContext(state, at, true));
  return result?.options.map(({ label }) => label) ?? [];
}

const from = 'from(bucket: "b")\n  |> filter(fn: (r) => r._measurement == "m" and ';

it.each([
  ['from(bucket: "|#', 'metrics'],
  ['import "|#', 'strings'],
  ['from(bucket: "b") |> filter(fn: (r) => r._measurement == "|#', 'of b'],
  [`${from}r._field == "|#`, 'b/m'],
  [`${from}r["host"] == "|#`, 'host 1'],
  [`${from}r["|#`, 'host'],
  [`${from}r.|#`, 'host'],
  ['from(bucket: "b") |> range(|#', 'start'],
  ['from(bucket: "b") |> range(start: -1h, |#', 'stop'],
  ['from(bucket: "b") |> ra|#', 'range'],
  ['v.|#', 'windowPeriod'],
  [`${from}true) |> group(columns: ["|#`, 'host'],
])('%s offers %s', async (text, label) => {
  expect(await offered(text)).toContain(label);
});

it('offers nothing in a string of any other kind, and writes names as literals', async () => {
  expect(await offered('map(fn: (r) => "|#')).toEqual([]);
  const result = await fluxCompletion(names)(new CompletionContext(EditorState.create({ doc: 'from(bucket: "' }), 14, true));
  expect(result?.options[1]).toMatchObject({ apply: 'say \\"hi\\"' });
});

it('knows what is spoken of', () => {
  expect(spokenOf('from(bucket: "a") from(bucket: "b") |> filter(fn: (r) => r["_measurement"] == "m")')).toEqual({
    bucket: 'b',
    measurement: 'm',
  });
  expect(placeOf('x = ', false)).toEqual({ kind: 'word' });
});
