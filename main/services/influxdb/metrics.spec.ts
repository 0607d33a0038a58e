import { describe, expect, it } from 'vitest';
import { metricPoint, rangeQuery } from './metrics.ts';
import { timeRange } from './range.ts';

const now = new Date('2026-03-01T12:00:00Z');

describe('the Flux of a range', () => {
  it('asks for the last hour of one family', () => {
    expect(rangeQuery('noodle_metrics', 'ai', {}, {}, now).toString()).toBe(`from(bucket: "noodle_metrics")
  |> range(start: 2026-03-01T11:00:00.000Z, stop: 2026-03-01T12:00:00.000Z)
  |> filter(fn: (r) => r["_measurement"] == "ai_metrics" and r["_field"] == "value")`);
  });

  it.each([
    ['x" or true or r["a"] == "', String.raw`x\" or true or r[\"a\"] == \"`],
    ['${1 + 1}', String.raw`\${1 + 1}`],
    ['a\\', String.raw`a\\`],
    ['a\nb', String.raw`a\nb`],
    [') |> drop(columns: ["x"]) //', String.raw`) |> drop(columns: [\"x\"]) //`],
  ])('keeps %j one string', (hostile, escaped) => {
    const query = rangeQuery(hostile, 'compilation', { id: hostile, name: hostile }, {}, now).toString();
    expect(query).toContain(`from(bucket: "${escaped}")`);
    expect(query).toContain(`r["job_id"] == "${escaped}")`);
    expect(query).toContain(`r["metric_name"] == "${escaped}")`);
  });
});

describe('a time range', () => {
  it('is the last hour when none is given', () => {
    expect(timeRange({}, now)).toEqual({ start: new Date('2026-03-01T11:00:00Z'), stop: now });
  });

  it('of more than a day must be asked for expressly', () => {
    const start = new Date('2026-02-20T12:00:00Z');
    expect(() => timeRange({ start }, now)).toThrowError(/216 hours .* 24 are the most/);
    expect(timeRange({ start, wide: true }, now).start).toEqual(start);
  });

  it('must end after it starts, and be a time at all', () => {
    expect(() => timeRange({ start: now, stop: now })).toThrowError(/end after it starts/);
    expect(() => timeRange({ start: new Date('soon') }, now)).toThrowError(/end after it starts/);
  });
});

describe('the point of a metric', () => {
  const metric = { id: 'j,1 =x', name: 'cpu\ntime', value: 1.5, time: now };

  it('escapes what line protocol would read as its own', () => {
    expect(metricPoint('compilation', metric).toLineProtocol()).toBe(
      String.raw`compilation_metrics,job_id=j\,1\ \=x,metric_name=cpu\ntime,metric_type=compilation value=1.5 1772366400000`,
    );
  });

  it.each(['', 'a\\'])('refuses %j, which no tag can hold', (text) => {
    expect(() => metricPoint('ai', { ...metric, id: text })).toThrowError(/cannot be a tag/);
    expect(() => metricPoint('ai', { ...metric, name: text })).toThrowError(/cannot be a tag/);
  });
});
