/** TLS to servers that are not a stack's own: in which way a certificate has to be the right one, and what is said when it is not. */
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { NoodleError } from '../errors.ts';
import type { Connection } from './kind.ts';

/** How the network to a server is crossed. */
export interface Tls {
  /** `name`: somebody who is trusted says that it is the host's. `authority`: of whichever host. `nothing`: encrypted only. */
  readonly check: 'name' | 'authority' | 'nothing';
  /** Who is trusted; undefined: those that Node knows. */
  readonly authority: Authority | undefined;
}

export interface Authority {
  /** Absolute, or `system`: those that the operating system knows. */
  readonly file: string;
  /** Certificates, PEM; as they are known once the file was read. */
  readonly pem?: readonly string[];
}

/** What sockets and drivers are given; undefined: none. */
export function tlsOptions({ host, tls }: Pick<Connection, 'host' | 'tls'>): Checked | undefined {
  if (!tls) return undefined;
  return {
    ...(tls.authority ? { ca: [...(tls.authority.pem ?? [])] } : {}),
    ...(isIP(host) ? {} : { servername: host }),
    rejectUnauthorized: tls.check !== 'nothing',
    // Some drivers hand over a socket without a name, and Node then compares with "localhost".
    checkServerIdentity: (_, certificate) => (tls.check === 'name' ? checkServerIdentity(host, certificate) : undefined),
  };
}

type Checked = Pick<ConnectionOptions, 'ca' | 'servername' | 'rejectUnauthorized' | 'checkServerIdentity'>;

/** Codes of OpenSSL's checks as Node names them: https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes */
const refusedCertificate =
  /^(UNABLE_TO_|CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|ERROR_IN_C|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_ALTNAME_INVALID$)/;

/** An error of the handshake in our words; undefined for any other. */
export function handshakeFailed(error: unknown, { host, port }: Connection): NoodleError | undefined {
  const cause = codedCause(error);
  if (!cause) return undefined;
  if (refusedCertificate.test(cause.code)) {
    return new NoodleError(
      {
        code: 'untrusted-server',
        what: `The certificate of ${host}:${port} is not one that is trusted.`,
        why: `${cause.message} (${cause.code})`,
        todo: 'Give the certificates of the authority that signed it, and the host as the certificate names it.',
      },
      { cause: error },
    );
  }
  return new NoodleError(
    {
      code: 'not-supported-by-server',
      what: `${host}:${port} does not speak TLS as it was asked to.`,
      why: `${cause.message} (${cause.code})`,
      todo: 'See whether the address is that of its TLS port.',
    },
    { cause: error },
  );
}

/** Drivers wrap what went wrong. */
function codedCause(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const ofHandshake =
    refusedCertificate.test(code) || code.startsWith('ERR_SSL_') || (code === 'EPROTO' && error.message.includes('SSL routines'));
  if (ofHandshake) return { code, message: error.message };
  if (error instanceof AggregateError) return error.errors.map(codedCause).find((each) => each !== undefined);
  return codedCause(error.cause);
}
