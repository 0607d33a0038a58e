import { expect, it } from 'vitest';
import { decodeEvent, encodeEvent, type StackEvent } from './events.ts';

const event: StackEvent = { id: 'job "1"', type: 'compilation.done', data: { nested: ['x'] }, time: new Date('2026-03-01T12:00:00Z') };

it('an event is JSON with the id of its entity, keyed by it', () => {
  const { key, data } = encodeEvent('compilation', event);
  expect(key).toBe(event.id);
  expect(JSON.parse(data)).toEqual({
    job_id: event.id,
    event_type: 'compilation.done',
    data: { nested: ['x'] },
    timestamp: '2026-03-01T12:00:00.000Z',
  });
  expect(decodeEvent('compilation', Buffer.from(data))).toEqual(event);
});

it.each([
  '',
  'null',
  '[]',
  '{"job_id":1}',
  '{"model_id":"m","event_type":"x","timestamp":"2026-03-01T12:00:00Z"}',
  '{"job_id":"j","event_type":"x","timestamp":"soon"}',
])('a message that holds %j is no event of compilations', (text) => {
  expect(() => decodeEvent('compilation', Buffer.from(text))).toThrowError(/is no event/);
});
