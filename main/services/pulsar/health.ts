/** Whether a subscription is well, and in words why not. */
import type { SubscriptionHealth } from '../../../preload/contract/topics.ts';
import { limits } from '../../limits.ts';

export interface SubscriptionSigns {
  readonly backlog: number;
  readonly unacknowledged: number;
  readonly rateOut: number;
  readonly rateIn: number;
  /** ms since the epoch; null: never */
  readonly lastAcknowledged: number | null;
  readonly blocked: boolean;
  readonly consumers: readonly { readonly name: string; readonly since: number | null }[];
}

export function healthOf(signs: SubscriptionSigns, now: number): { readonly health: SubscriptionHealth; readonly reason: string } {
  const { backlog, unacknowledged, consumers, lastAcknowledged } = signs;
  if (backlog === 0) return { health: 'fine', reason: consumers.length === 0 ? 'Nothing waits. Nobody is connected.' : 'Nothing waits.' };
  const waiting = `${backlog.toLocaleString('en-US')} ${backlog === 1 ? 'message waits' : 'messages wait'}`;
  if (consumers.length === 0) return { health: 'unattended', reason: `${waiting} and no consumer is connected.` };
  const who = consumers.length === 1 ? `Its consumer ${consumers[0]!.name}` : `Its ${consumers.length} consumers`;
  const one = consumers.length === 1;
  if (signs.blocked) {
    return {
      health: 'stuck',
      reason: `${waiting}. ${who} ${one ? 'holds' : 'hold'} ${unacknowledged.toLocaleString('en-US')} unacknowledged: the broker sends no more until some are acknowledged.`,
    };
  }
  const connected = Math.max(0, ...consumers.map(({ since }) => since ?? 0));
  const idle = now - Math.max(lastAcknowledged ?? 0, connected);
  // The broker's rates are of the last minute, and say nothing of the last seconds.
  if (idle >= limits.topicsStuckAfter) {
    const never = lastAcknowledged === null ? 'has acknowledged nothing' : `has acknowledged nothing for ${Math.round(idle / 1_000)} s`;
    const holds = unacknowledged > 0 ? `, and ${one ? 'holds' : 'hold'} ${unacknowledged.toLocaleString('en-US')} of them` : '';
    return { health: 'stuck', reason: `${waiting}. ${who} ${one ? never : never.replace('has', 'have')}${holds}.` };
  }
  if (signs.rateIn > signs.rateOut && signs.rateIn > 0 && backlog > 1_000) {
    return { health: 'behind', reason: `${waiting}: ${signs.rateIn.toFixed(0)} come a second and ${signs.rateOut.toFixed(0)} go.` };
  }
  return { health: 'fine', reason: `${waiting}, and they are being worked off.` };
}
