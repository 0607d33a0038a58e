import { expect, it } from 'vitest';
import { paramsIn } from './params.ts';

it('parameters are told from casts, slices, assignments, strings and comments', () => {
  expect(paramsIn(`select :a, ':b', x::int, y[1:n], :c::text, f(n := :d) -- :e\n, $$ :f $$, $t$ :g $t$, ":h" /* :i */, :a`)).toEqual([
    'a',
    'c',
    'd',
  ]);
  expect(paramsIn('where id=:id and name = :name')).toEqual(['id', 'name']);
});
