import { chunksToLinesIterable, linesToRowsIterable } from '@influxdata/influxdb-client';
import { expect, it } from 'vitest';
import { lineOf, nanoseconds, PointReader } from './point.ts';
import { checkLine } from './write/line-protocol.ts';

async function lines(csv: string): Promise<string[]> {
  const source = (async function* () {
    yield new TextEncoder().encode(csv);
  })();
  const reader = new PointReader();
  const all: string[] = [];
  for await (const row of linesToRowsIterable(chunksToLinesIterable(source))) all.push(lineOf(reader.read(row)));
  return all;
}

const table = (type: string, value: string, head = '_measurement,_field,a tag', cells = 'm,f,t') =>
  `#datatype,string,long,dateTime:RFC3339,${type},string,string,string\n#group,false,false,false,false,true,true,true\n#default,_result,,,,,,\n` +
  `,result,table,_time,_value,${head}\n,,0,2026-01-02T03:04:05.000000001Z,${value},${cells}\n\n`;

it('writes every type so that it comes back as the same type, with every digit', async () => {
  const csv =
    table('double', '0.1') +
    table('long', '9223372036854775807') +
    table('unsignedLong', '18446744073709551615') +
    table('boolean', 'true');
  const written = await lines(csv + table('double', '1e+300') + table('double', '-0'));
  expect(written.map((line) => line.split(' ')[2]!.slice(2))).toEqual([
    '0.1',
    '9223372036854775807i',
    '18446744073709551615u',
    'true',
    '1e+300',
    '-0',
  ]);
  for (const line of written) expect(checkLine(line, 'ns')).toEqual({ kind: 'point' });
});

it('writes names and texts with what line protocol would read as its own', async () => {
  const csv = table('string', '"say ""hi"" \\ 😀"', '_measurement,_field,"k,e=y "', '"m, n","f = g",t😀');
  const [line] = await lines(csv);
  expect(line).toBe('m\\,\\ n,k\\,e\\=y\\ =t😀 f\\ \\=\\ g="say \\"hi\\" \\\\ 😀" 1767323045000000001');
  expect(checkLine(line!, 'ns')).toEqual({ kind: 'point' });
});

it('writes a newline in a name as the server has it, behind a backslash, and never one that would end the line', async () => {
  const point = { measurement: 'm\\\nx', tags: [['k\\\ny', 'v\\\nz']], field: 'f\\\nw', type: 'long', value: '1', time: '1970-01-01T00:00:00Z' } as const; // biome-ignore format: one line
  expect(lineOf(point)).toBe('m\\\nx,k\\\ny=v\\\nz f\\\nw=1i 0');
  expect(lineOf({ ...point, measurement: 'm', tags: [['k', 'masked\nby a person']], field: 'f' })).toBe(
    'm,k=masked\\nby\\ a\\ person f=1i 0',
  );
});

it('keeps a text that is empty', async () => {
  expect((await lines(table('string', '""')))[0]).toMatch(/ f="" \d+$/);
});

it('reads times to the nanosecond, before 1970 too', () => {
  expect(nanoseconds('1970-01-01T00:00:00Z')).toBe('0');
  expect(nanoseconds('2026-01-02T03:04:05.1Z')).toBe('1767323045100000000');
  expect(nanoseconds('1969-12-31T23:59:59.999999999Z')).toBe('-1');
});
