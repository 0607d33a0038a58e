import { HttpError } from '@influxdata/influxdb-client';
import { expect, it } from 'vitest';
import { checkText, refusal } from './text.ts';

it('places every wrong line in the whole text', () => {
  const text = '# remark\nm s="two\nlines" 1\nm v=\n\nm,a= v=1';
  const { points, problems } = checkText(text, 'ms');
  expect(points).toBe(1);
  expect(problems.map(({ line, offset, length }) => [line, text.slice(offset, offset + length)])).toEqual([
    [4, '='],
    [6, 'a='],
  ]);
});

const refused = (message: string) => refusal(new HttpError(422, '', JSON.stringify({ code: 'unprocessable entity', message })));

it('says how many points the server left out, whatever they are called', () => {
  expect(refused('failure writing points to database: partial write: field type conflict: input field "v dropped=9" dropped=1')).toEqual({
    words: 'Field type conflict: input field "v dropped=9".',
    dropped: 1,
  });
  expect(
    refused('partial write: dropped 2 points outside retention policy dropped=2 for database: 69f for retention policy: autogen'),
  ).toEqual({
    words: 'Dropped 2 points outside retention policy.',
    dropped: 2,
  });
  expect(refused('unable to parse')).toEqual({ words: 'Unable to parse.', dropped: undefined });
});
