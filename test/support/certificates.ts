/** Certificates for tests, made by openssl: an authority, and what it has signed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** PEM files */
  readonly certFile: string;
  readonly cert: string;
  readonly key: string;
}

/** Whom nobody trusts yet. */
export function makeAuthority(folder: string, name: string): Certificate {
  return made(folder, name, `/CN=${name}`, ['-addext', 'basicConstraints=critical,CA:TRUE']);
}

/** @param hosts such as `DNS:localhost`, `IP:127.0.0.1` */
export function signedBy(folder: string, authority: Certificate, name: string, hosts: readonly string[]): Certificate {
  const by = ['-CA', authority.certFile, '-CAkey', keyFile(authority.certFile)];
  return made(folder, name, `/CN=${name}`, [...by, '-addext', `subjectAltName=${hosts.join(',')}`, '-addext', 'basicConstraints=CA:FALSE']);
}

function made(folder: string, name: string, subject: string, more: readonly string[]): Certificate {
  const certFile = join(folder, `${name}.pem`);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const argv = ['req', '-x509', ...curve, '-subj', subject, ...more, '-keyout', keyFile(certFile), '-out', certFile];
  execFileSync('openssl', argv, { stdio: 'pipe' });
  return { certFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile(certFile), 'utf8') };
}

function keyFile(certFile: string): string {
  return certFile.replace(/\.pem$/, '.key');
}
