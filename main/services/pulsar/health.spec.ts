import { describe, expect, it } from 'vitest';
import { healthOf, type SubscriptionSigns } from './health.ts';

const now = 1_000_000_000;
const well: SubscriptionSigns = {
  backlog: 10,
  unacknowledged: 0,
  rateOut: 5,
  rateIn: 5,
  lastAcknowledged: now - 100,
  blocked: false,
  consumers: [{ name: 'c1', since: now - 60_000 }],
};
const health = (change: Partial<SubscriptionSigns>) => healthOf({ ...well, ...change }, now);

describe('a subscription', () => {
  it('is fine when nothing waits, or what waits is worked off', () => {
    expect(health({ backlog: 0, consumers: [] })).toMatchObject({ health: 'fine' });
    expect(health({})).toMatchObject({ health: 'fine' });
  });

  it('is unattended with a backlog and nobody connected', () => {
    expect(health({ consumers: [] })).toEqual({ health: 'unattended', reason: '10 messages wait and no consumer is connected.' });
  });

  it('is stuck when its consumers hold messages and acknowledge none', () => {
    expect(health({ lastAcknowledged: null, unacknowledged: 3 })).toEqual({
      health: 'stuck',
      reason: '10 messages wait. Its consumer c1 has acknowledged nothing, and holds 3 of them.',
    });
    expect(health({ blocked: true, unacknowledged: 50_000 }).reason).toContain('holds 50,000 unacknowledged');
  });

  it('is not called stuck by a consumer that has only just come', () => {
    expect(health({ lastAcknowledged: null, consumers: [{ name: 'new', since: now - 1_000 }] }).health).toBe('fine');
  });

  it('is behind when more comes than goes', () => {
    expect(health({ backlog: 5_000, rateIn: 100, rateOut: 10 }).health).toBe('behind');
  });
});
