/** Cancelling that reaches the server: operations carry a comment of their own, by which they are found and ended. */
import { randomUUID } from 'node:crypto';
import type { Link } from './link.ts';

/** The comment of one operation. */
export function tag(): string {
  return `noodlebox ${randomUUID()}`;
}

/** Ends what runs under a comment. Servers without killOp end an operation when its connection closes, which aborting does. */
export async function killTagged(link: Link, comment: string): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  try {
    const { inprog } = await link.command('admin', { currentOp: 1, 'command.comment': comment }, signal);
    const running = ((inprog ?? []) as { opid?: unknown; command?: { comment?: unknown } }[]).filter(
      ({ command }) => command?.comment === comment,
    );
    await Promise.all(running.map(({ opid }) => link.command('admin', { killOp: 1, op: opid }, signal)));
  } catch {
    // Nothing more can be done from here.
  }
}
