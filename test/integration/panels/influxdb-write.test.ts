import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { ChartQuery, type ChartQueryInput } from '../../../preload/contract/index.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { type Bed, influxBed, never } from './influxdb-bed.ts';

let servers: Servers;
let shared: Bed | undefined;
beforeAll(async () => {
  servers = await withServers(['influxdb']);
});
afterAll(async () => {
  await shared?.close();
  await servers?.close();
});

async function bed(test: TestContext): Promise<Bed> {
  shared ??= await influxBed(connectionOf(servers, 'influxdb', test));
  return shared;
}

const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;
const chart = (query: ChartQueryInput) => ChartQuery.parse(query);

describe('line protocol', () => {
  it('that was typed is written whole, or refused with the place of its mistake', async (test) => {
    const { session, bucket } = await bed(test);
    const name = await bucket();
    const text = `# two points\nm v=1 ${start}\nm s="over\ntwo lines" ${start}\n`;
    expect(await session.write.text(name, text, 'ms', never)).toMatchObject({ written: 2, bad: 0 });
    const wrong = `m v=1 ${start}\nm v=oops ${start}`;
    await expect(session.write.text(name, wrong, 'ms', never)).rejects.toMatchObject({
      code: 'bad-argument',
      problem: { at: { offset: wrong.indexOf('oops'), length: 4 } },
    });
    await expect(session.write.text(name, `m v="text" ${start}`, 'ms', never)).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('type conflict'),
    });
    await expect(session.write.text('" or true', 'm v=1', 'ms', never)).rejects.toMatchObject({ code: 'query-failed' });
  });

  it.for(['plain', 'gzipped'])('from a %s file is written in batches, without its wrong lines, which are told', async (form, test) => {
    const { session, bucket, folder } = await bed(test);
    const name = await bucket();
    const lines = Array.from({ length: 12_000 }, (_, index) => `m,host=h${index % 10} v=${index} ${start + index}`);
    lines[5] = 'no point at all';
    lines[7_000] = `m,host=h v="a string" ${start}`;
    lines[11_999] = 'm,host= v=1';
    const text = lines.join('\n');
    const path = join(folder, `lines-${form}`);
    const content = form === 'plain' ? Buffer.from(text) : gzipSync(text);
    await writeFile(path, content);
    const { id, report } = session.write.begin();
    const seen: number[] = [];
    await session.write.file(name, { path, bytes: content.length }, 'ms', report, (read) => seen.push(read), never);
    expect(session.write.report(id)).toMatchObject({ written: 11_997, bad: 3, done: true });
    expect(report.problems.map(({ line }) => line).sort((a, b) => a - b)).toEqual([6, 7_001, 12_000]);
    expect(report.problems.find(({ line }) => line === 7_001)?.reason).toContain('type conflict');
    expect(seen.at(-1)).toBe(content.length);
    const { points } = await session.charts.lines(
      chart({ choice: { bucket: name, measurement: 'm' }, range: { start, stop: start + hour } }),
      never,
    );
    expect(points).toBe(11_997);
  });

  it('that a bucket does not keep is counted, and not looked for line by line', async (test) => {
    const { session, folder } = await bed(test);
    const { id, name } = await session.buckets.create({ name: `short-${crypto.randomUUID()}`, retention: 86_400, description: '' }, never);
    const path = join(folder, 'old');
    const now = Date.now();
    // Every other line is too old: 5,000 of 10,000.
    const lines = Array.from({ length: 10_000 }, (_, index) => `m v=${index} ${now - index - (index % 2) * 7 * 86_400_000}`);
    await writeFile(path, lines.join('\n'));
    const { report } = session.write.begin();
    await session.write.file(name, { path, bytes: lines.join('\n').length }, 'ms', report, () => {}, never);
    expect(report).toMatchObject({ written: 5_000, bad: 5_000, done: true });
    expect(report.problems.map(({ line, reason }) => [line, reason.slice(0, reason.indexOf(':'))])).toEqual([
      [1, '2500 of the lines 1 to 5000'],
      [5_001, '2500 of the lines 5001 to 10000'],
    ]);
    await session.buckets.remove(id, never);
  });

  it('that is no line protocol is told, and not kept in memory', async (test) => {
    const { session, bucket, folder } = await bed(test);
    const name = await bucket();
    const path = join(folder, 'junk');
    await writeFile(path, Buffer.alloc(20 * 2 ** 20, 0xfe));
    const { report } = session.write.begin();
    await session.write.file(name, { path, bytes: 20 * 2 ** 20 }, 'ns', report, () => {}, never);
    expect(report.written).toBe(0);
    expect(report.bad).toBeGreaterThan(0);
    expect(report.problems[0]!.text.length).toBeLessThan(300);
  });
});
