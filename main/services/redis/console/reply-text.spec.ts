import { expect, it } from 'vitest';
import { replyJson, replyText } from './reply-text.ts';

it('prints replies as redis-cli does', () => {
  expect(replyText(Buffer.from('OK')).text).toBe('OK');
  expect(replyText('9223372036854775807').text).toBe('(integer) 9223372036854775807');
  expect(replyText(null).text).toBe('(nil)');
  expect(replyText(Buffer.from([97, 34, 255])).text).toBe(String.raw`"a\"\xff"`);
  expect(replyText([Buffer.from('a'), ['1', null, []], new Error('ERR no')]).text).toBe(
    ['1) "a"', '2) 1) (integer) 1', '   2) (nil)', '   3) (empty array)', '3) (error) ERR no'].join('\n'),
  );
});

it('cuts what is very long, and says so', () => {
  const { text, cut } = replyText(Array.from({ length: 5_000 }, (_, at) => String(at)));
  expect([cut, text.split('\n').at(-1)]).toEqual([true, '… 3000 more']);
});

it('keeps integers and bytes exact in JSON', () => {
  expect(replyJson(['7', '9223372036854775807', Buffer.from([255]), null])).toEqual([7, '9223372036854775807', { base64: '/w==' }, null]);
});
