import { Decrypter, Encrypter, Stanza } from 'age-encryption';
import { expect, it } from 'vitest';
import { hasCipher, passphraseIdentity, passphraseRecipient } from './passphrase.ts';

const passphrase = 'correct horse \u{1f40e} "battery" staple';
const text = 'noodles';

/** As age's own code encrypts, with little work. */
async function byAge(work = 10): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(work);
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(text);
}

function decrypted(file: Uint8Array, given: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(passphraseIdentity(given));
  return decrypter.decrypt(file, 'text');
}

it('what it seals is opened by age with the passphrase, and with no other', async () => {
  expect(hasCipher).toBe(true);
  const encrypter = new Encrypter();
  encrypter.addRecipient(passphraseRecipient(passphrase, Stanza));
  const file = await encrypter.encrypt(text);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  expect(await decrypter.decrypt(file, 'text')).toBe(text);
  await expect(decrypted(file, `${passphrase}.`)).rejects.toThrow('no identity matched');
});

it('what age seals is opened with the passphrase, and with no other', async () => {
  const file = await byAge();
  expect(await decrypted(file, passphrase)).toBe(text);
  await expect(decrypted(file, '')).rejects.toThrow('no identity matched');
});

it('a header that age would not write is refused before any work is done for it', async () => {
  const open = (...stanzas: Stanza[]) => passphraseIdentity(passphrase).unwrapFileKey(stanzas);
  const body = new Uint8Array(32);
  const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
  await expect(open(new Stanza(['scrypt', salt, '21'], body))).rejects.toThrow('too high');
  for (const work of ['0', '-1', '010', '1e1', '999', '']) {
    await expect(open(new Stanza(['scrypt', salt, work], body)), work).rejects.toThrow('invalid');
  }
  for (const wrong of ['', 'AAAA', `${salt}==`, 'AAAAAAAAAAAAAAAAAAAAA!']) {
    await expect(open(new Stanza(['scrypt', wrong, '10'], body)), wrong).rejects.toThrow('invalid');
  }
  await expect(open(new Stanza(['scrypt', salt, '10'], body.subarray(1)))).rejects.toThrow('invalid');
  const stanza = new Stanza(['scrypt', salt, '10'], body);
  await expect(open(stanza, stanza)).rejects.toThrow('invalid');
  expect(await open(new Stanza(['X25519', salt], body))).toBeNull();
});
