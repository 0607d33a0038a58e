/** The files of those whose word is taken for a server's certificate, read before anything is connected. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Connection } from '../../services/kind.ts';

/** @throws NoodleError bad-argument naming the file */
export async function withAuthorities(servers: readonly Connection[]): Promise<readonly Connection[]> {
  return Promise.all(
    servers.map(async (server) => {
      const authority = server.tls?.authority;
      if (!authority) return server;
      const pem = authority.file === 'system' ? getCACertificates('system') : await certificatesIn(authority.file);
      return { ...server, tls: { ...server.tls!, authority: { ...authority, pem } } };
    }),
  );
}

async function certificatesIn(file: string): Promise<readonly string[]> {
  const unusable = (why: string, error?: unknown) =>
    new NoodleError({ code: 'bad-argument', what: `${file} cannot be used as a file of certificates.`, why }, { cause: error });
  const text = await readFile(file, 'latin1').catch((error: Error) => {
    throw unusable(error.message, error);
  });
  const found = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0 || found.length > limits.pullAuthorities) throw unusable(`It holds ${found.length} certificates (PEM).`);
  try {
    for (const one of found) new X509Certificate(one);
  } catch (error) {
    throw unusable('What it holds is no certificate.', error);
  }
  return found;
}
