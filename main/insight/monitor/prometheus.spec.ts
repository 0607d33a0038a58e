import { expect, it } from 'vitest';
import { summed } from './prometheus.ts';

const page = `# HELP pulsar_rate_in messages
pulsar_rate_in{topic="a b}c"} 1.5 1700000000
pulsar_rate_in{topic="d"} 2
memory_used{area="heap"} 100
memory_used{area="nonheap"} 7
broken NaN
plain 3`;

it('sums samples over their labels, those asked for', () => {
  const wanted = {
    rate: { name: 'pulsar_rate_in' },
    heap: { name: 'memory_used', labels: 'area="heap"' },
    plain: { name: 'plain' },
    broken: { name: 'broken' },
    missing: { name: 'missing' },
  };
  expect(summed(page, wanted)).toEqual({ rate: 3.5, heap: 100, plain: 3 });
});
