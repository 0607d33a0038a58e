import { expect, it } from 'vitest';
import { marked } from './marks.ts';

it('marks every place of a text without regard to case', () => {
  expect(marked('Error: no error', 'error')).toEqual([
    { text: 'Error', at: 0, found: true },
    { text: ': no ', at: 5, found: false },
    { text: 'error', at: 10, found: true },
  ]);
});

it('leaves a text whole when nothing is searched for or found', () => {
  expect(marked('ready', '')).toEqual([{ text: 'ready', at: 0, found: false }]);
  expect(marked('ready', 'x')).toEqual([{ text: 'ready', at: 0, found: false }]);
});

it('takes no character for a pattern', () => {
  expect(marked('a.b*c', '.b*')).toEqual([
    { text: 'a', at: 0, found: false },
    { text: '.b*', at: 1, found: true },
    { text: 'c', at: 4, found: false },
  ]);
});

it('marks nothing rather than the wrong place when letters change length with their case', () => {
  expect(marked('İstanbul error', 'error')).toEqual([{ text: 'İstanbul error', at: 0, found: false }]);
});
