import { Point } from '@influxdata/influxdb-client';
import { expect, it } from 'vitest';
import { limits } from '../../limits.ts';
import { PointWriter, writeAll } from './writer.ts';

const points = (count: number) => Array.from({ length: count }, (_, index) => new Point('m').floatField('value', index));

it('writes in batches and sends the rest at the end', async () => {
  const sizes: number[] = [];
  await writeAll(async (lines) => void sizes.push(lines.length), points(limits.influxBatch * 2 + 1));
  expect(sizes).toEqual([limits.influxBatch, limits.influxBatch, 1]);
});

it('throws what a batch fails with, and sends no more', async () => {
  let calls = 0;
  const send = async () => {
    calls++;
    throw new Error('full');
  };
  await expect(writeAll(send, points(limits.influxBatch * 3))).rejects.toThrow('full');
  expect(calls).toBe(1);
});

it('tells of a batch that was lost, and goes on with the next', async () => {
  const lost: number[] = [];
  let fail = true;
  const sent: number[] = [];
  const writer = new PointWriter(
    async (lines) => {
      if (fail) throw new Error('away');
      sent.push(lines.length);
    },
    (_error, count) => lost.push(count),
  );
  for (const point of points(3)) await writer.add(point);
  await writer.flush();
  fail = false;
  for (const point of points(2)) await writer.add(point);
  await writer.flush();
  expect({ lost, sent }).toEqual({ lost: [3], sent: [2] });
});
