/**
 * What stands in a bundle in place of a personal value. Every mask is a function of a key and the value: equal values
 * are masked alike in every table and every store, so joins over them still hold, and without the key nobody can
 * try out values.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export const maskKinds = ['keep', 'email', 'name', 'phone', 'password', 'text', 'id', 'null'] as const;
export type MaskKind = (typeof maskKinds)[number];

/** What is done to one field. */
export type Mask = { readonly kind: MaskKind } | { readonly kind: 'constant'; readonly value: string };

export class Masker {
  readonly #key: KeyObject;

  /** @param secret at least 16 bytes; the same one masks the same way again */
  constructor(secret: Buffer) {
    this.#key = createSecretKey(secret);
  }

  /**
   * @param most the most characters of the result, as its column says
   * @returns null for no value
   */
  apply(mask: Mask, value: string, most = Number.POSITIVE_INFINITY): string | null {
    switch (mask.kind) {
      case 'keep':
        return value;
      case 'null':
        return null;
      case 'constant':
        return mask.value;
      case 'email':
        return value === '' ? '' : this.#email(value, most);
      case 'name':
        return value === '' ? '' : this.#name(value, most);
      case 'phone':
        return value === '' ? '' : this.#phone(value, most);
      case 'password':
        return `*${this.#digest('password', value).toString('hex').slice(0, 40)}`.slice(0, most);
      case 'text':
        return this.#text(value);
      case 'id':
        return this.#id(value, most);
    }
  }

  /** example.com takes no mail (RFC 2606). The case of an address is not looked at, as mail servers do not. */
  #email(value: string, most: number): string {
    const hash = this.#digest('email', value.trim().toLowerCase()).toString('hex');
    const long = `${hash.slice(0, 16)}@example.com`;
    return long.length <= most ? long : `${hash.slice(0, Math.max(1, most - 4))}@a.b`.slice(0, most);
  }

  /** A word that reads like a name, and enough of the hash that two names hardly ever become one. */
  #name(value: string, most: number): string {
    const hash = this.#digest('name', value.trim().toLowerCase());
    const word = `${onsets[hash[0]! % onsets.length]}${rimes[hash[1]! % rimes.length]}`;
    const mark = hash.subarray(2).toString('hex');
    return `${word[0]!.toUpperCase()}${word.slice(1)}-${mark.slice(0, 10)}`.length <= most
      ? `${word[0]!.toUpperCase()}${word.slice(1)}-${mark.slice(0, 10)}`
      : mark.slice(0, most);
  }

  /** +999 is given to no country (ITU-T E.164). Spaces and signs between the digits are not looked at. */
  #phone(value: string, most: number): string {
    const digits = value.replaceAll(/\D/g, '');
    const hash = this.#digest('phone', digits);
    const number = (hash.readBigUInt64BE(0) % 10n ** 12n).toString().padStart(12, '0');
    return `+999${number}`.slice(0, most);
  }

  /** Letters and digits become others of their kind; length, spaces and signs stay, as they may be what a bug is about. */
  #text(value: string): string {
    let seed = this.#digest('text', value);
    let at = 0;
    let masked = '';
    for (const character of value) {
      if (at === seed.length) {
        seed = this.#digest('text', seed);
        at = 0;
      }
      if (/\p{Lu}/u.test(character)) masked += String.fromCharCode(65 + (seed[at++]! % 26));
      else if (/\p{L}|\p{M}/u.test(character)) masked += String.fromCharCode(97 + (seed[at++]! % 26));
      else if (/\p{N}/u.test(character)) masked += String(seed[at++]! % 10);
      else masked += character.length === 1 && character.charCodeAt(0) < 128 ? character : '?';
    }
    return masked;
  }

  /** A uuid becomes a uuid, anything else a text of hexadecimal digits. */
  #id(value: string, most: number): string {
    const hash = this.#digest('id', isUuid.test(value) ? value.toLowerCase() : value);
    if (!isUuid.test(value)) return hash.toString('hex').slice(0, Math.min(most, 24));
    const bytes = hash.subarray(0, 16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x80; // version 8: of one's own making (RFC 9562)
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  #digest(kind: string, value: string | Buffer): Buffer {
    return createHmac('sha256', this.#key).update(`${kind}\0`).update(value).digest();
  }
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const onsets = ['b', 'br', 'd', 'f', 'g', 'gr', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'tr', 'v', 'w', 'z'] as const;
const rimes = ['adin', 'alo', 'anor', 'arin', 'elia', 'emar', 'enna', 'erik', 'ilan', 'inor', 'ola', 'omir', 'ora', 'una', 'uris'] as const;
