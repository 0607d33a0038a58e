import { expect, it } from 'vitest';
import type { ServiceStatus, StackStatus } from '../../preload/contract/index.ts';
import { addStatus, pointsKept } from './series.ts';

const service = (cpu: number | null): ServiceStatus => ({
  name: 'redis',
  kind: 'redis',
  state: 'healthy',
  health: [],
  reasons: [],
  url: null,
  host: null,
  port: null,
  version: null,
  image: 'redis:8',
  pid: null,
  container: null,
  cpu,
  memory: cpu === null ? null : 1024,
  startedAt: null,
  notes: [],
});
const status = (cpu: number | null): StackStatus => ({
  stack: 's',
  runtime: { kind: 'native', title: '', endpoint: '', version: '', remote: false },
  overall: 'healthy',
  services: [service(cpu)],
});

it('a status adds a point, unless it comes too soon to be a new sample or carries none', () => {
  const once = addStatus({}, status(0.1), 10_000);
  expect(once.redis).toEqual([{ time: 10_000, cpu: 0.1, memory: 1024 }]);
  expect(addStatus(once, status(0.2), 10_400).redis).toHaveLength(1);
  expect(addStatus(once, status(null), 20_000).redis).toHaveLength(1);
  expect(addStatus(once, status(0.2), 12_000).redis).toHaveLength(2);
});

it('a series keeps its last points only, and none of a service that is gone', () => {
  let series = addStatus({ gone: [{ time: 1, cpu: 1, memory: 1 }] }, status(0), 0);
  for (let n = 1; n < pointsKept + 20; n++) series = addStatus(series, status(n), n * 2000);
  expect(series.redis).toHaveLength(pointsKept);
  expect(series.redis!.at(-1)!.cpu).toBe(pointsKept + 19);
  expect(Object.keys(series)).toEqual(['redis']);
});
