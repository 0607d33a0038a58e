import { expect, test } from 'vitest';
import { Masker, maskKinds } from './mask.ts';

const masker = new Masker(Buffer.alloc(32, 7));
const other = new Masker(Buffer.alloc(32, 8));

test('equal values are masked alike, different ones differently, and another key masks otherwise', () => {
  for (const kind of ['email', 'name', 'phone', 'password', 'text', 'id'] as const) {
    const [a, b] = ['ada.lovelace@byron.net 0171 2345', 'alan.turing@bletchley.uk 0172 9876'];
    expect(masker.apply({ kind }, a), kind).toBe(masker.apply({ kind }, a));
    expect(masker.apply({ kind }, a), kind).not.toBe(masker.apply({ kind }, b));
    expect(masker.apply({ kind }, a), kind).not.toBe(other.apply({ kind }, a));
    expect(masker.apply({ kind }, a), kind).not.toContain('lovelace');
  }
});

test('an address is the same in any case, a phone number with any signs between its digits', () => {
  const email = masker.apply({ kind: 'email' }, 'Ada@Byron.net');
  expect(email).toMatch(/^[0-9a-f]{16}@example\.com$/);
  expect(masker.apply({ kind: 'email' }, ' ada@byron.NET ')).toBe(email);
  expect(masker.apply({ kind: 'phone' }, '+44 20-7946 0018')).toBe(masker.apply({ kind: 'phone' }, '+442079460018'));
  expect(masker.apply({ kind: 'phone' }, '+442079460018')).toMatch(/^\+999\d{12}$/);
});

test('masks fit into the column, and many short ones still differ', () => {
  for (const kind of maskKinds.filter((each) => !['keep', 'text', 'null'].includes(each))) {
    for (const most of [5, 12, 20]) expect(masker.apply({ kind }, 'someone@somewhere.org', most)!.length, kind).toBeLessThanOrEqual(most);
  }
  const names = new Set(Array.from({ length: 20_000 }, (_, at) => masker.apply({ kind: 'name' }, `name ${at}`, 50)));
  expect(names.size).toBe(20_000);
});

test('free text keeps its length, its lines and its signs, and no letter of a word is known by it', () => {
  const text = 'Call Ada (room 12)\n\tat noon — naïve é';
  const masked = masker.apply({ kind: 'text' }, text)!;
  expect(masked).toHaveLength(text.length);
  expect(masked).toMatch(/^[A-Z][a-z]{3} [A-Z][a-z]{2} \([a-z]{4} \d\d\)\n\t[a-z]{2} [a-z]{4} \? [a-z]{5} [a-z]$/);
  const long = 'x'.repeat(1_000);
  expect(new Set(masker.apply({ kind: 'text' }, long)!.match(/.{32}/g)).size).toBeGreaterThan(20);
});

test('a uuid stays a uuid, nothing and a constant are what they say, an empty value stays empty', () => {
  const id = 'C56A4180-65AA-42EC-A945-5FD21DEC0538';
  expect(masker.apply({ kind: 'id' }, id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(masker.apply({ kind: 'id' }, id)).toBe(masker.apply({ kind: 'id' }, id.toLowerCase()));
  expect(masker.apply({ kind: 'id' }, 'customer-77')).toMatch(/^[0-9a-f]{24}$/);
  expect(masker.apply({ kind: 'null' }, 'a')).toBeNull();
  expect(masker.apply({ kind: 'constant', value: 'none' }, 'a')).toBe('none');
  expect(masker.apply({ kind: 'keep' }, 'a')).toBe('a');
  expect(masker.apply({ kind: 'email' }, '')).toBe('');
});
