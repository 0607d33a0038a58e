import { describe, expect, it } from 'vitest';
import { understood } from './explain.ts';

describe('an explanation', () => {
  it('of a find without an index says that all is read, and for how little', () => {
    const plan = {
      stage: 'LIMIT',
      limitAmount: 5,
      inputStage: { stage: 'COLLSCAN', filter: { a: { $eq: 1 } }, docsExamined: 9_000, nReturned: 5 },
      nReturned: 5,
    };
    const { stages, summary, remarks } = understood({
      queryPlanner: { winningPlan: plan },
      executionStats: { nReturned: 5, totalDocsExamined: 9_000, totalKeysExamined: 0, executionTimeMillis: 12, executionStages: plan },
    });
    expect(stages.map(({ depth, name, docs }) => [depth, name, docs])).toEqual([
      [0, 'LIMIT', null],
      [1, 'COLLSCAN', 9_000],
    ]);
    expect(summary).toEqual({ returned: 5, docs: 9_000, keys: 0, took: 12, indexes: [], scan: true, sorts: false });
    expect(remarks).toEqual([
      'No index fits: every document of the collection is read.',
      '9,000 documents are read for 5 that are returned.',
    ]);
  });

  it('of a pipeline stands above the query it begins with; one by an index says which', () => {
    const plan = { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'a_1', keyPattern: { a: 1 }, keysExamined: 3 } };
    const { stages, remarks } = understood({
      stages: [{ $cursor: { queryPlanner: { winningPlan: { queryPlan: plan } } } }, { $group: { _id: '$b' }, nReturned: 2 }],
    });
    expect(stages.map(({ depth, name, index }) => [depth, name, index])).toEqual([
      [0, '$group', null],
      [1, 'FETCH', null],
      [2, 'IXSCAN', 'a_1'],
    ]);
    expect(remarks).toEqual(['The index a_1 fits.']);
  });

  it('in words of another server is handed on', () => {
    const { stages, remarks, ejson } = understood({ queryPlanner: { Plan: ['id=2 detail=SCAN things'] }, filterPushdown: false });
    expect(stages).toEqual([]);
    expect(remarks).toHaveLength(3);
    expect(ejson).toContain('SCAN things');
  });
});
