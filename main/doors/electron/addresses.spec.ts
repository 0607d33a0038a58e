import { describe, expect, test } from 'vitest';
import { mayNavigate, mayOpenOutside } from './addresses.ts';

describe('where the window may go', () => {
  test('its own pages', () => {
    expect(mayNavigate('app://noodlebox/')).toBe(true);
    expect(mayNavigate('app://noodlebox/logs?service=redis')).toBe(true);
  });

  test.each([
    'https://noodlebox/',
    'app://other/',
    'app://noodlebox.evil/',
    'app://evil@noodlebox:1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
  ])('not to %j', (url) => expect(mayNavigate(url)).toBe(false));
});

describe('what the browser is handed', () => {
  test('documentation over https', () => expect(mayOpenOutside('https://www.postgresql.org/docs/17/')).toBe(true));

  test.each([
    'http://www.postgresql.org/',
    'https://postgresql.org.evil.example/',
    'https://www.postgresql.org@evil.example/',
    'https://user:password@www.postgresql.org/',
    'file:///etc/passwd',
    'smb://host/share',
    'vscode://open',
    'not a url',
  ])('not %j', (url) => expect(mayOpenOutside(url)).toBe(false));
});
