import { chunksToLinesIterable, linesToRowsIterable } from '@influxdata/influxdb-client';
import { expect, it } from 'vitest';
import { lineOf, PointReader } from '../point.ts';
import { PointLines } from './lines.ts';

const head = (type: string, tags: readonly string[] = []) =>
  `#datatype,string,long,dateTime:RFC3339,${type},string,string${',string'.repeat(tags.length)}\r\n` +
  `#group,false,false,false,false,true,true${',true'.repeat(tags.length)}\r\n` +
  `#default,_result,,,,,${','.repeat(tags.length)}\r\n,result,table,_time,_value,_field,_measurement${tags.map((tag) => `,${tag}`).join('')}\r\n`;

const answer = [
  head('double', ['host', '"a, tag"']),
  ',,0,2026-01-02T03:04:05Z,0.1,f,m,one,x\r\n',
  ',,0,2026-01-02T03:04:06.000000001Z,-1e-7,f,m,one,x\r\n',
  ',,0,1969-12-31T23:59:59.5Z,2,f,m,one,x\r\n',
  // Another series that ends as the one before.
  ',,1,2026-01-02T03:04:05Z,3,g,m,one,x\r\n',
  ',,1,2026-01-02T03:04:06Z,4,g,m,one,x\r\n',
  // A tag that is missing, and one that is quoted.
  ',,2,2026-01-02T03:04:05Z,5,g,m,,x\r\n',
  ',,2,2026-01-02T03:04:06Z,6,g,m,,x\r\n',
  ',,3,2026-01-02T03:04:05Z,7,g,m,"q ""1"", 2",x\r\n',
  ',,3,2026-01-02T03:04:06Z,8,g,m,"q ""1"", 2",x\r\n',
  '\r\n',
  head('string'),
  ',,4,2026-01-02T03:04:05Z,plain \\ text,f,s\r\n',
  ',,4,2026-01-02T03:04:06Z,"two\r\nlines, ""quoted"" 😀",f,s\r\n',
  ',,4,2026-01-02T03:04:07Z,,f,s\r\n',
  ',,4,2026-01-02T03:04:08Z,plain again,f,s\r\n',
  // The text of one row ends as the series does.
  ',,4,2026-01-02T03:04:09Z,"x,f,s",f,s\r\n',
  '\r\n',
  head('long'),
  ',,5,2026-01-02T03:04:05Z,9223372036854775807,f,s\r\n',
  ',,5,2026-01-02T03:04:06Z,0,f,s\r\n',
  '\r\n',
].join('');

/** As the client's own reader has it. */
async function expected(): Promise<string[]> {
  const source = (async function* () {
    yield new TextEncoder().encode(answer.replaceAll('two\r\nlines', 'two\nlines'));
  })();
  const reader = new PointReader();
  const all: string[] = [];
  for await (const row of linesToRowsIterable(chunksToLinesIterable(source))) all.push(lineOf(reader.read(row)));
  return all;
}

function read(text: string, size: number): string[] {
  const reader = new PointLines();
  const all: string[] = [];
  for (let at = 0; at < text.length; at += size) all.push(...reader.read(text.slice(at, at + size)));
  return [...all, ...reader.end()];
}

it('lines are those that the client makes of the same rows, wherever the answer was cut', async () => {
  const lines = await expected();
  expect(lines).toHaveLength(16);
  for (const size of [1, 2, 7, 64, answer.length]) expect(read(answer, size)).toEqual(lines);
});

it('an error in the middle of an answer is one', () => {
  const failed = `${answer}#datatype,string,long\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,engine is closed,897\r\n`;
  expect(() => read(failed, 100)).toThrow(expect.objectContaining({ code: 'query-failed' }));
});
