import { describe, expect, it } from 'vitest';
import { NoodleError } from '../../../errors.ts';
import { parseFilter, type Subject } from './filter.ts';

const event = {
  job_id: 'j1',
  event_type: 'compilation.failed',
  data: { status: 'failed', level: 2, tags: ['a', 'b c'], 'odd name': { x: null }, big: 9007199254740993n, ok: true },
};
const subject: Subject = {
  key: 'job-42*',
  properties: { source: 'api', 'odd:name': 'v w', empty: '' },
  text: () => 'a compiler crashed: segmentation fault',
  value: () => event,
};
const passes = (text: string) => parseFilter(text).test(subject);

describe('a filter', () => {
  it('lets everything pass when it is empty', () => {
    expect(parseFilter('  ').all).toBe(true);
  });

  it.each([
    ['segmentation', true],
    ['SEGMENTATION fault', true],
    ['"segmentation fault"', true],
    ['"fault segmentation"', false],
    ['-crashed', false],
    ['-absent crashed', true],
    ['key:job-*', true],
    ['key:*42*', true],
    ['key:job', false],
    ["key:'job-42*'", true],
    ["key:'job-*'", false],
    ['prop.source:api', true],
    ['prop.source:a*x', false],
    ['prop.empty', true],
    ['prop.absent', false],
    ['prop."odd:name":"v w"', true],
    ['$.data.status = "failed"', true],
    ["$.data.status='failed' $.data.level>=2", true],
    ['$.data.level > 2', false],
    ['$.data.level != 3', true],
    ['$.data.absent != 3', false],
    ['$.data.absent', false],
    ["$.data['odd name'].x = null", true],
    ['$.data.tags[*] = "b c"', true],
    ['$.data.tags[-1] ~ "B"', true],
    ['$.data.tags[5]', false],
    ['$..status = "failed"', true],
    ['$..x', true],
    ['$.data.big = 9007199254740993', true],
    ['$.data.big = 9007199254740992', false],
    ['$.data.big > 1', true],
    ['$.data.ok = true', true],
    ['-$.data.ok = true', false],
    ['$.__proto__', false],
    ['$.event_type ~ "COMPILATION"', true],
  ])('%s', (text, expected) => {
    expect(passes(text)).toBe(expected);
  });

  it.each([
    ['$.data.status =', 14],
    ['$.data.', 6],
    ['$.data[', 6],
    ["$.a['b", 4],
    ['$.data.status = failed', 16],
    ['ok "not closed', 3],
    ['key:', 0],
    ['$.a ~ 3', 6],
    ['$.a!x', 3],
  ])('points at what is wrong in %s', (text, offset) => {
    try {
      parseFilter(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(NoodleError);
      expect((error as NoodleError).problem.at?.offset).toBe(offset);
    }
  });
});
