import { describe, expect, it } from 'vitest';
import { lengthAt, numbered, statements, unitsOf } from './statements.ts';

describe('statements', () => {
  const cut = (text: string) => statements(text).map((each) => each.text);

  it('end at a semicolon, and know where they begin', () => {
    expect(statements(' select 1 ;\n select 2')).toEqual([
      { text: 'select 1', offset: 1 },
      { text: 'select 2', offset: 13 },
    ]);
    expect(cut(';; -- nothing\n ; /* at all */')).toEqual([]);
  });

  it('keep semicolons in strings, names, comments and dollar quotes', () => {
    const one = `select ';', ";", E'\\';', $$;$$, $a$;$$;$a$ /* ; /* ; */ ; */ -- ;\n, 2`;
    expect(cut(one)).toEqual([one]);
    expect(cut(`select 'it''s;'; select 2`)).toEqual([`select 'it''s;'`, 'select 2']);
  });

  it('keep the body of a routine together', () => {
    const body = 'create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end';
    expect(cut(`${body}; select 3`)).toEqual([body, 'select 3']);
    expect(cut('begin; select 1; end;')).toEqual(['begin', 'select 1', 'end']);
    expect(cut('create rule r as on insert to t do (select 1; select 2); select 3')).toHaveLength(2);
  });

  it('go to the end when something is not closed', () => {
    expect(cut(`select 'a; select 2`)).toEqual([`select 'a; select 2`]);
    expect(cut('select /* a; select 2')).toEqual(['select']);
    expect(cut('select $x$ a; select 2')).toHaveLength(1);
  });
});

describe('parameters', () => {
  it('are told from casts, slices, assignments and strings', () => {
    expect(numbered(`select :a, ':b', x::int, y[1:n], :c::text, f(n := :d) -- :e`).names).toEqual(['a', 'c', 'd']);
  });

  it('become numbers, a name the same one everywhere, and places are found again', () => {
    const sent = numbered('select :name, :x, :name from nowhere');
    expect(sent.text).toBe('select $1, $2, $1 from nowhere');
    expect(sent.names).toEqual(['name', 'x']);
    expect(sent.original(sent.text.indexOf('nowhere'))).toBe('select :name, :x, :name from nowhere'.indexOf('nowhere'));
    expect(sent.original(7)).toBe(7);
  });
});

it('the word at an offset is measured, and code points are counted as the server does', () => {
  expect(lengthAt('select  foo from', 8)).toBe(3);
  expect(lengthAt('select', 99)).toBe(1);
  expect(unitsOf('a😀b', 2)).toBe(3);
});
