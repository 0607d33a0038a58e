import { describe, expect, it } from 'vitest';
import { acknowledgedOf } from './acknowledged.ts';

describe('what is acknowledged', () => {
  it('is everything up to the mark, and the ranges beyond it without their beginnings', () => {
    const { has } = acknowledgedOf({ markDeletePosition: '8:2', individuallyDeletedMessages: '[(8:3..8:5],(9:-1..9:0]]' });
    const asked = ['7:9', '8:2', '8:3', '8:4', '8:5', '8:6', '9:0', '9:1'].map((id) => id.split(':').map(BigInt) as [bigint, bigint]);
    expect(asked.map(([ledger, entry]) => has({ ledger, entry }))).toEqual([true, true, false, true, true, false, true, false]);
  });
});
