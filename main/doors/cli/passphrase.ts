/** Passphrases and keys as a person gives them: never as an argument, which others could see. */
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Keys } from '../../backup/archive/encryption.ts';
import { NoodleError } from '../../errors.ts';
import { readText } from '../../home/files.ts';

export const passphraseVariable = 'NOODLEBOX_PASSPHRASE';

/** From the environment, or asked for; `twice` for a new one. @throws NoodleError confirmation-needed where nobody can answer */
export async function passphrase(twice: boolean, json: boolean, signal: AbortSignal): Promise<string> {
  const given = process.env[passphraseVariable];
  if (given) return given;
  if (!process.stdin.isTTY || json) {
    throw new NoodleError({
      code: 'confirmation-needed',
      what: 'A passphrase is needed, and nobody is here to be asked.',
      todo: `Give it in the variable ${passphraseVariable}.`,
    });
  }
  const first = await asked('Passphrase: ', signal);
  if (first === '') throw new NoodleError({ code: 'bad-argument', what: 'The passphrase is empty.' });
  if (twice && (await asked('Once more: ', signal)) !== first) {
    throw new NoodleError({ code: 'bad-argument', what: 'The two are not the same.' });
  }
  return first;
}

/** What a file that is encrypted this way can be opened with. @param identities paths of key files */
export async function keysFor(
  encryption: 'none' | 'passphrase' | 'recipients',
  identities: readonly string[],
  json: boolean,
  signal: AbortSignal,
): Promise<Keys> {
  if (encryption === 'none') return {};
  if (encryption === 'passphrase') return { passphrase: await passphrase(false, json, signal) };
  return { identities: (await Promise.all(identities.map(readIdentities))).flat() };
}

/** As age-keygen writes them: a key a line, and remarks. @throws NoodleError bad-argument for one that others may read */
async function readIdentities(path: string): Promise<string[]> {
  const text = await readText(path);
  if (text === undefined) throw new NoodleError({ code: 'not-found', what: `There is no file ${path}.` });
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `Others may read ${path}, which holds a secret key.`,
      todo: 'Let it be readable by you alone.',
      command: `chmod 600 ${path}`,
    });
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Nothing of the answer is shown. */
async function asked(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await prompt.question('', { signal });
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}
