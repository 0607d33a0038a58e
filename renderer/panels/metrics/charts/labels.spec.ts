import { expect, it } from 'vitest';
import { lineNames, unitOf, unitWords } from './labels.ts';

it('names lines by what tells them apart', () => {
  const line = (labels: Record<string, string>) => ({ labels });
  expect(lineNames([line({ _field: 'v', host: 'a' }), line({ _field: 'v', host: '' })], 'm')).toEqual(['a', 'no host']);
  expect(lineNames([line({ _field: 'v', host: 'a' })], 'm')).toEqual(['v']);
  expect(lineNames([line({})], 'm')).toEqual(['m']);
  expect(lineNames([line({ a: 'x', b: 'y' }), line({ a: 'x', b: 'y' })], 'm')).toEqual(['m', 'm (2)']);
});

it('knows a unit that all agree in', () => {
  expect(unitOf(['compile_time_ms', 'queue_time_ms'])).toBe('ms');
  expect(unitOf(['latency_ms', 'packet_loss_percent'])).toBeUndefined();
  expect(unitOf(['used_memory'])).toBe('bytes');
  expect(unitOf(['value'])).toBeUndefined();
  expect(unitOf([])).toBeUndefined();
});

it('looks for the unit in the metric’s name before the field’s', () => {
  const lines = [{ labels: { _field: 'value', metric_name: 'latency_ms' } }];
  expect(unitWords(lines, [])).toEqual(['latency_ms']);
  expect(unitWords([{ labels: { _field: 'value' } }], [{ key: 'metric_name', values: ['peak_memory_mb'] }])).toEqual(['peak_memory_mb']);
});
