import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { Credits } from './credits.ts';

const forever = new AbortController().signal;

/** Counts how many batches were made, whoever reads them. */
function counting() {
  const made = { batches: 0, ended: false };
  async function* source() {
    try {
      for (;;) yield ++made.batches;
    } finally {
      made.ended = true;
    }
  }
  return { made, source: source() };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('credits', () => {
  it('let a reader begin, and then make no batch before it has granted one', async () => {
    const credits = new Credits();
    const { made, source } = counting();
    const stream = credits.hold('stream-1', source, forever);
    const read: number[] = [];
    const reading = (async () => {
      for await (const batch of stream) if (read.push(batch) === limits.streamCredit + 3) break;
    })();
    await settle();
    expect(read).toHaveLength(limits.streamCredit);
    expect(made.batches).toBe(limits.streamCredit);
    credits.grant('stream-1', 2);
    await settle();
    expect(read).toHaveLength(limits.streamCredit + 2);
    credits.grant('stream-1', 1);
    await reading;
  });

  it('end with the signal while a reader grants nothing, and leave nothing open', async () => {
    const credits = new Credits();
    const abort = new AbortController();
    const { made, source } = counting();
    const reading = (async () => {
      for await (const _ of credits.hold('stream-2', source, abort.signal));
    })();
    await settle();
    expect(credits.size).toBe(1);
    abort.abort();
    await reading;
    expect(credits.size).toBe(0);
    expect(made.ended).toBe(true);
  });

  it('for a stream that is not there are nothing', () => {
    const credits = new Credits();
    credits.grant('nobody', 5);
    expect(credits.size).toBe(0);
  });
});
