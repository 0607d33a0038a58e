/**
 * age's recipient of a passphrase (https://age-encryption.org/v1, "The scrypt recipient type") on the system's own scrypt:
 * it takes a third of the time that one in JavaScript takes, in a thread of its own.
 */
import { createCipheriv, createDecipheriv, getCiphers, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Identity, Recipient } from 'age-encryption';
import { limits } from '../../limits.ts';

const cipher = 'chacha20-poly1305';

/** Electron's crypto may lack the cipher; age's own code does the same there, more slowly. */
export const hasCipher = getCiphers().includes(cipher);

export function passphraseRecipient(passphrase: string, Stanza: typeof import('age-encryption').Stanza): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16);
      const key = await stretched(passphrase, salt, limits.passphraseWork);
      const sealed = createCipheriv(cipher, key, nonce, { authTagLength });
      const body = Buffer.concat([sealed.update(fileKey), sealed.final(), sealed.getAuthTag()]);
      return [new Stanza(['scrypt', unpadded(salt), String(limits.passphraseWork)], body)];
    },
  };
}

/** Answers null for a passphrase that is another. @throws when the header is not as age writes it */
export function passphraseIdentity(passphrase: string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const [stanza] = stanzas;
      if (stanza?.args[0] !== 'scrypt') return null;
      const [, salted = '', work = ''] = stanza.args;
      const salt = Buffer.from(salted, 'base64');
      const wellMade = stanzas.length === 1 && stanza.args.length === 3 && stanza.body.length === fileKeyBytes + authTagLength;
      if (!wellMade || salt.length !== 16 || unpadded(salt) !== salted || !/^[1-9][0-9]?$/.test(work))
        throw new Error('invalid scrypt stanza');
      // A file of somebody else's must not take all memory.
      if (Number(work) > limits.passphraseWorkMost) throw new Error('scrypt work factor is too high');
      const opened = createDecipheriv(cipher, await stretched(passphrase, salt, Number(work)), nonce, { authTagLength });
      opened.setAuthTag(stanza.body.subarray(fileKeyBytes));
      const fileKey = opened.update(stanza.body.subarray(0, fileKeyBytes));
      try {
        opened.final();
      } catch {
        return null;
      }
      return new Uint8Array(fileKey);
    },
  };
}

const fileKeyBytes = 16;
const authTagLength = 16;
/** Each key seals one thing. */
const nonce = Buffer.alloc(12);

/** @param work log2 of scrypt's N */
async function stretched(passphrase: string, salt: Buffer, work: number): Promise<Buffer> {
  const [N, r] = [2 ** work, 8];
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
  const labelled = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]);
  return derive(passphrase, labelled, 32, { N, r, p: 1, maxmem: 128 * N * r + 2 ** 20 });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
