/** Passphrases and keys: from the environment, a file or a prompt, and never from arguments, which everybody on a machine can see. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { BundleLock } from '../../../preload/contract/bundles.ts';
import { secretText } from '../../core/bundles.ts';
import type { BundleKeys } from '../../core/core.ts';
import { NoodleError } from '../../errors.ts';

const variable = 'NOODLEBOX_PASSPHRASE';

export interface LockOptions {
  readonly recipient?: readonly string[];
  readonly passphrase?: boolean;
}

export async function lockOf({ recipient, passphrase }: LockOptions, signal: AbortSignal): Promise<BundleLock> {
  if (recipient && recipient.length > 0) {
    if (passphrase)
      throw new NoodleError({ code: 'bad-argument', what: 'A file is locked with a passphrase or for recipients, not both.' });
    return { kind: 'recipients', recipients: [...recipient] };
  }
  if (!passphrase) return { kind: 'none' };
  const given = process.env[variable];
  if (given) return { kind: 'passphrase', passphrase: given };
  const asked = await hidden('Passphrase: ', signal);
  if (asked !== (await hidden('Once more: ', signal))) throw new NoodleError({ code: 'bad-argument', what: 'The two differ.' });
  return { kind: 'passphrase', passphrase: asked };
}

/**
 * What opens a file.
 * @param identity a file with secret keys, as age-keygen writes it
 * @param encryption as the file says
 */
export async function keysFor(
  encryption: 'none' | 'passphrase' | 'recipients',
  identity: string | undefined,
  signal: AbortSignal,
): Promise<BundleKeys> {
  if (encryption === 'passphrase') return { passphrase: process.env[variable] || (await hidden('Passphrase: ', signal)) };
  if (encryption === 'none' || identity === undefined) return {};
  const identities = (await secretText(identity)).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')); // biome-ignore format: one line
  return { identities };
}

async function hidden(question: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'A passphrase is wanted, and nobody is here to be asked.',
      todo: `Put it into the environment as ${variable}.`,
    });
  }
  process.stderr.write(question);
  // What is typed goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await prompt.question('', { signal });
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}
