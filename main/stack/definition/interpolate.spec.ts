import { describe, expect, it } from 'vitest';
import { interpolate } from './interpolate.ts';

describe('variables', () => {
  const variables = { SET: 'value', EMPTY: '' };
  it.each([
    ['$SET-${SET}', 'value-value'],
    ['${UNSET}', ''],
    ['${UNSET:-default}', 'default'],
    ['${EMPTY:-default}|${EMPTY-default}', 'default|'],
    ['${SET:+other}|${EMPTY:+other}|${EMPTY+other}', 'other||other'],
    ['${UNSET:-${EMPTY:-${SET}}}', 'value'],
    ['$$SET costs 5$$', '$SET costs 5$'],
    ['${SET:?needed}', 'value'],
    ['${SET:-${UNSET:?not missed}}', 'value'],
    ['${SET}}', 'value}'],
  ])('in %s become %s', (text, expected) => expect(interpolate(text, variables)).toBe(expected));

  it.each(['${', '${SET', '${:-x}', '$ ', '${SET*}'])('are refused when written as %s', (text) =>
    expect(() => interpolate(text, variables)).toThrow());
});
