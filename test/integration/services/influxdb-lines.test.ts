/** Points that were read, written as line protocol again: a real InfluxDB has to give them back as they were. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBucket } from '../../../main/services/influxdb/catalog/buckets.ts';
import { always, source } from '../../../main/services/influxdb/flux.ts';
import { lineOf, type Point, PointReader } from '../../../main/services/influxdb/point.ts';
import { influxHttp } from '../../../main/services/influxdb/query.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';

const lacks = await lacking('native', ['influxdb']);
const { signal } = quietRun();
let bed: StackBed;

beforeAll(async () => {
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['influxdb'], { seed: false, install: false }, quietRun());
});
afterAll(() => bed?.clear());

/** Each with a time of its own, ns since the epoch. What is in them was taken by the server as it stands here. */
const lines = [
  'm,t=a double=0.1,int=-9223372036854775808i,uint=18446744073709551615u,bool=true 1767323045000000001',
  String.raw`m\,e\ a=s,t\,\ \=k=v\,\ \=😀 f\,\ \=d=1 2`,
  // A backslash is one, before whatever it stands.
  String.raw`m,t=a\nb\\c\"d,u=a\\,b f\n\\x=1 3`,
  String.raw`m,t=a text="say \"hi\" \\ \n 😀" 4`,
  'm,t=a text="one\ntwo" 5',
  'm,t=a text="ends in a backslash \\\\" 6',
  'm,t=a text="" 7',
  // A newline in a name or a tag: the server takes it behind a backslash only, and keeps that.
  'm\\\nx,t\\\nk=v\\\nw,u=a f\\\nd=1 8',
  'm,t="quoted\\ ",u=a\tb f=1 -9',
];

it('a point comes back the same from its line, whatever its names and texts hold', async (test) => {
  if (lacks) return test.skip(lacks);
  const http = influxHttp(await bed.stack.connection('influxdb'));
  const written = async (bucket: string, all: readonly string[]) => {
    await createBucket(http, { name: bucket, retention: 0, description: '' }, signal);
    // One by one: a line that runs into the next is told.
    for (const line of all) await http.send('/api/v2/write', { bucket, precision: 'ns' }, new Uint8Array(gzipSync(line)), signal);
  };
  const read = async (bucket: string) => {
    const reader = new PointReader();
    const points: Point[] = [];
    for await (const row of http.rows(source(bucket, always), { signal })) points.push(reader.read(row));
    return points.sort((a, b) => (lineOf(a) < lineOf(b) ? -1 : 1));
  };
  await written('before', lines);
  // A query may miss what was written just now.
  await expect.poll(() => read('before'), { timeout: 20_000 }).toHaveLength(lines.length + 3);
  const before = await read('before');
  const texts = before.filter(({ type }) => type === 'string').map(({ value }) => value);
  expect(texts.sort()).toEqual(['', 'ends in a backslash \\', 'one\ntwo', 'say "hi" \\ \\n 😀']);
  expect(before).toContainEqual(expect.objectContaining({ measurement: 'm\\\nx', tags: [['t\\\nk', 'v\\\nw'], ['u', 'a']], field: 'f\\\nd' })); // biome-ignore format: one line
  await written('after', before.map(lineOf));
  await expect.poll(() => read('after'), { timeout: 20_000 }).toEqual(before);
  // And all of them in one request, as they are restored.
  await written('at-once', [before.map(lineOf).join('\n')]);
  await expect.poll(() => read('at-once'), { timeout: 20_000 }).toEqual(before);
});
