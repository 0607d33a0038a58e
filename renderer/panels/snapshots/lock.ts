/** How a file is to be locked, as a person gives it. */
import type { BundleLock } from '../../../preload/contract/index.ts';

export interface LockWanted {
  readonly kind: BundleLock['kind'];
  /** The passphrase, or the public keys. */
  readonly secret: string;
}

export const unlocked: LockWanted = { kind: 'none', secret: '' };

/** Public keys as they are typed, each once. */
export function recipientsOf(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter(Boolean))];
}

/** null while something is missing. */
export function lockOf({ kind, secret }: LockWanted): BundleLock | null {
  if (kind === 'none') return { kind };
  if (kind === 'passphrase') return secret === '' ? null : { kind, passphrase: secret };
  const recipients = recipientsOf(secret);
  return recipients.length === 0 ? null : { kind, recipients };
}
