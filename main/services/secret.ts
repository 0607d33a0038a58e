import { createHmac, randomBytes } from 'node:crypto';

/** 192 random bits as 48 characters that no URL, shell or config file has to escape. */
export function makePassword(): string {
  return randomBytes(24).toString('hex');
}

/** A random key of that many bytes, in base64. */
export function makeKey(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

/**
 * A JWT signed with HMAC-SHA-256 (RFC 7519, RFC 7515 appendix A.1).
 * @param key the secret, in base64
 */
export function signToken(claims: Readonly<Record<string, string>>, key: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(unsigned).digest('base64url');
  return `${unsigned}.${signature}`;
}
