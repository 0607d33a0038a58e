import { expect, it } from 'vitest';
import { Line, lineOf, publishedProperty } from './message.ts';

const raw = {
  messageId: 'CAEQAQ==',
  payload: 'AP8=',
  publishTime: '2026-01-02T03:04:05.678Z',
  properties: {},
  eventTime: undefined,
  key: undefined,
};

it('keeps what a message says and when it was first published, over several restores', () => {
  const first = lineOf({ ...raw, key: 'k', properties: { b: '2', a: '1' }, eventTime: '2026-01-01T00:00:00Z' });
  expect(first).toEqual({
    payload: 'AP8=',
    key: 'k',
    properties: { a: '1', b: '2' },
    eventTime: 1_767_225_600_000,
    published: raw.publishTime,
  });
  expect(Line.parse(first)).toEqual(first);
  const again = {
    ...raw,
    key: 'k',
    publishTime: '2030-01-01T00:00:00Z',
    properties: { a: '1', b: '2', [publishedProperty]: raw.publishTime },
  };
  expect(lineOf({ ...again, eventTime: '2026-01-01T00:00:00Z' })).toEqual(first);
});

it('leaves out what a message does not have', () => {
  expect(lineOf({ ...raw, properties: undefined, eventTime: '1970-01-01T00:00:00Z' })).toEqual({
    payload: 'AP8=',
    published: raw.publishTime,
  });
});
