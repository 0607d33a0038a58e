import { expect, test } from 'vitest';
import { looksByContent, looksByName } from './personal.ts';

test('fields are known by the last part of their name, however it is written', () => {
  for (const [name, like] of [
    ['contact.eMail', 'an e-mail address'],
    ['mobilePhone', 'a phone number'],
    ['lastName', 'a name'],
    ['password_hash', 'a secret'],
    ['card_number', 'a number of a person or an account'],
    ['ip_address', 'an address'],
    ['location.city', 'an address'],
    ['dateOfBirth', 'a fact about a person'],
  ] as const) {
    expect(looksByName(name)?.like, name).toBe(like);
  }
  for (const name of [
    'id',
    'name',
    'status',
    'model_type',
    'metric_name',
    'created_at',
    'description',
    'capacity',
    'location.zone',
    'slat',
  ]) {
    expect(looksByName(name), name).toBeUndefined();
  }
});

test('values are known by what they are, also inside of a text', () => {
  for (const [value, like] of [
    ['write to ada@byron.example.org please', 'an e-mail address'],
    ['$2b$12$abcdefghijklmnopqrstuv', 'a password hash'],
    ['$argon2id$v=19$m=65536', 'a password hash'],
    ['Bearer eyJhbGciOiJI.eyJzdWIiOiIx.sig', 'a secret'],
    ['+44 20 7946 0018', 'a phone number'],
    ['203.0.113.7', 'an IP address'],
    ['DE89 3704 0044 0532 0130 00', 'an account number'],
    ['4111 1111 1111 1111', 'a card number'],
  ] as const) {
    expect(looksByContent(value)?.like, value).toBe(like);
  }
  for (const value of [
    'hello',
    '127.0.0.1',
    '4111 1111 1111 1112',
    '2026-11-24 10:00:00',
    'a@b',
    'v1.2.3.4.5',
    'c56a4180-65aa-42ec-a945-5fd21dec0538',
    '1234567890123456',
  ]) {
    expect(looksByContent(value), value).toBeUndefined();
  }
});
