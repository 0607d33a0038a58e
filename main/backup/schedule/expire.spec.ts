import { expect, it } from 'vitest';
import { expired } from './expire.ts';

const day = 86_400_000;
const made = (...days: number[]) => days.map((ago) => ({ id: `${ago} days ago`, at: 1_000 * day - ago * day }));
const ids = (all: readonly { id: string }[], there: readonly { id: string }[], keep: number) =>
  expired(there as never, new Map(all.map(({ id }) => [id, ['postgres']])), keep, 1_000 * day).map(({ id }) => id);

it('what is older than its days goes', () => {
  const all = made(45, 31, 30, 2);
  expect(ids(all, all, 30)).toEqual(['45 days ago', '31 days ago']);
});

it('the newest stays, however old it is', () => {
  const all = made(400, 300, 200);
  expect(ids(all, all, 30)).toEqual(['400 days ago', '300 days ago']);
});

it('one that is damaged or gone does not count as the newest', () => {
  const all = made(400, 300, 1);
  expect(ids(made(400, 300), all, 30)).toEqual(['400 days ago']);
});

it('the last that holds a store which has not run since stays, too', () => {
  const [first, second, third] = made(300, 200, 1);
  const there = new Map([
    [first!.id, ['postgres', 'redis']],
    [second!.id, ['postgres', 'redis']],
    [third!.id, ['postgres']],
  ]);
  expect(expired([first!, second!, third!], there, 30, 1_000 * day)).toEqual([first]);
});
