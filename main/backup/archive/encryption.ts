/** Encryption of archives with age (https://age-encryption.org/v1): a passphrase, or keys of those who may read it. */
import { ReadableStream } from 'node:stream/web';
import { NoodleError } from '../../errors.ts';
import { damaged } from './format.ts';

export type Encryption =
  | { readonly kind: 'none' }
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  /** Public keys: `age1…` */
  | { readonly kind: 'recipients'; readonly recipients: readonly string[] };

/** What a file may be opened with. */
export interface Keys {
  readonly passphrase?: string;
  /** Secret keys: `AGE-SECRET-KEY-1…` */
  readonly identities?: readonly string[];
}

type Bytes = AsyncIterable<Uint8Array>;
/** A step of a `pipeline`. */
export type Transform = (source: Bytes) => Bytes;

/** @throws NoodleError bad-argument */
export async function mustBeRecipients(recipients: readonly string[]): Promise<void> {
  if (recipients.length > 0) await encryptor({ kind: 'recipients', recipients });
}

/** @throws NoodleError bad-argument for a passphrase or recipient that cannot be one */
export async function encryptor(encryption: Exclude<Encryption, { kind: 'none' }>): Promise<Transform> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if (encryption.kind === 'passphrase') {
    if (encryption.passphrase === '') throw new NoodleError({ code: 'bad-argument', what: 'The passphrase is empty.' });
    encrypter.setPassphrase(encryption.passphrase);
  } else {
    if (encryption.recipients.length === 0) throw new NoodleError({ code: 'bad-argument', what: 'There is no recipient to encrypt for.' });
    for (const recipient of encryption.recipients) {
      try {
        encrypter.addRecipient(recipient);
      } catch (error) {
        throw noRecipient(recipient, error);
      }
    }
  }
  return async function* (source) {
    yield* (await encrypter.encrypt(webStream(source))) as unknown as Bytes;
  };
}

/** @throws NoodleError wrong-passphrase, archive-damaged; the transform too */
export async function decryptor(file: string, encryption: 'passphrase' | 'recipients', keys: Keys): Promise<Transform> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  if (encryption === 'passphrase') {
    if (!keys.passphrase) throw locked(file, 'It is encrypted with a passphrase, and none was given.');
    decrypter.addPassphrase(keys.passphrase);
  } else {
    if (!keys.identities?.length) throw locked(file, 'It is encrypted to keys, and none was given.');
    for (const identity of keys.identities) {
      try {
        decrypter.addIdentity(identity);
      } catch {
        // What it is must not be shown: it may be a secret all the same.
        throw new NoodleError({ code: 'bad-argument', what: 'A key that was given is none of age (AGE-SECRET-KEY-1…).' });
      }
    }
  }
  return async function* (source) {
    try {
      yield* (await decrypter.decrypt(webStream(source))) as unknown as Bytes;
    } catch (error) {
      throw explained(error, file, encryption);
    }
  };
}

function noRecipient(text: string, cause: unknown): NoodleError {
  const todo = 'Give a public key of age: age1…';
  // Given by mistake it must not be shown either.
  if (/SECRET-KEY/i.test(text)) return new NoodleError({ code: 'bad-argument', what: 'That is a secret key, and no recipient.', todo });
  return new NoodleError({ code: 'bad-argument', what: `${JSON.stringify(text)} is no recipient.`, todo }, { cause });
}

function explained(error: unknown, file: string, encryption: 'passphrase' | 'recipients'): unknown {
  if (!(error instanceof Error) || error instanceof NoodleError || error.name === 'AbortError' || 'errno' in error) return error;
  if (/no identity matched/.test(error.message)) {
    return locked(file, encryption === 'passphrase' ? 'The passphrase is another.' : 'None of the keys given opens it.');
  }
  return damaged(file, 'what is encrypted was changed', error);
}

function locked(file: string, why: string): NoodleError {
  return new NoodleError({
    code: 'wrong-passphrase',
    what: `${file} cannot be opened.`,
    why,
    todo: 'Give the passphrase in NOODLEBOX_PASSPHRASE or when asked, or the file with your key by --identity.',
  });
}

/** As age takes and gives them: those of the browser, whose types differ from Node's by name alone. */
function webStream(source: Bytes): globalThis.ReadableStream<Uint8Array> {
  return ReadableStream.from(source) as unknown as globalThis.ReadableStream<Uint8Array>;
}
