/** Messages to the window's filter against a bare reader over the same transport; the window's frames at 10,000 messages a second. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { Connection } from '../main/services/kind.ts';
import { openSession, type PulsarSession } from '../main/services/pulsar/session.ts';
import { parseTopic, stackTopic, topicPath, topicUrl } from '../main/services/pulsar/topic.ts';
import type { OutgoingMessage } from '../preload/contract/topics.ts';
import { findChromium, launchChromium } from '../test/lab/browser.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { cli } from './lab.ts';
import { inTurn } from './measure.ts';

const messages = 100_000;
const perSecond = 10_000;
/** Seconds of frames that are looked at. */
const watched = 5;
const topic = topicUrl(stackTopic('bench-tail'));
const message: OutgoingMessage = {
  payload:
    '{"job_id":"{{uuid}}","event_type":"compilation.completed","data":{"project_id":"{{uuid}}","status":"completed","n":{{n}}},"timestamp":"{{now}}"}',
  encoding: 'text',
  key: 'k{{n}}',
  properties: { source: 'bench' },
  eventTime: null,
};
const filter = "$.data.status = 'completed' -key:k1";

export const topics: Bench = {
  async run(rounds) {
    const lacks = await lacking('native', ['pulsar']);
    if (lacks) throw new Skip(lacks);
    const bed = await makeStack('native');
    try {
      await bed.stack.up(['pulsar'], { seed: false, install: false }, quietRun());
      const connection = await bed.stack.connection('pulsar');
      const session = await openSession(connection, { spool: async () => '' });
      const signal = new AbortController().signal;
      await session.perform({ kind: 'create-topic', topic, partitions: 0 }, signal);
      await session.publishMany(topic, message, { times: messages, perSecond: 0, onProgress: () => undefined }, signal);
      // Both once, unmeasured: the broker's caches and both programs are warm then.
      await bareReader(connection);
      await tailed(session);
      const rates = await inTurn(
        rounds,
        () => tailed(session),
        () => bareReader(connection),
      );
      const frames = findChromium() ? await framesOf(bed, session) : undefined;
      await session.close();
      return [
        {
          kind: 'comparison',
          name: `${messages.toLocaleString('en-US')} messages to the filter of a tail`,
          ...rates,
          unit: 'rows/s',
          bound: { at: 'least', ratio: 0.8 },
          note: 'messages a second, against a bare ws reader that parses each; the filter looks into each payload',
        },
        ...(frames
          ? ([
              {
                kind: 'figure',
                name: `a frame of the window at ${perSecond.toLocaleString('en-US')} messages/s`,
                values: frames.times,
                unit: 'ms',
                bound: { at: 'most', value: 32 },
                note: `median of all frames in ${watched} s; 95 of 100 within ${frames.slow.toFixed(0)} ms; ${frames.rate.toLocaleString('en-US')} messages/s came`,
              },
            ] as const)
          : []),
      ];
    } finally {
      await bed.clear();
    }
  },
};

/** @returns messages a second that reached and passed through the filter */
async function tailed(session: PulsarSession): Promise<number> {
  const begun = performance.now();
  const signal = new AbortController();
  const tail = await session.tail(topic, { kind: 'earliest' }, filter, signal.signal);
  for await (const { seen } of tail.batches(signal.signal)) {
    if (seen < messages) continue;
    const seconds = (performance.now() - begun) / 1_000;
    signal.abort();
    await tail.close();
    return messages / seconds;
  }
  throw new Error('the tail ended');
}

/** What the API's documentation shows: each frame parsed, its payload decoded, and answered. */
async function bareReader({ parts }: Connection): Promise<number> {
  const begun = performance.now();
  const url = `${parts.wsUrl}/reader/persistent/${topicPath(parseTopic(topic))}?messageId=earliest&receiverQueueSize=1000`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${parts.token}` }, perMessageDeflate: false });
  let seen = 0;
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const { messageId, payload } = JSON.parse(String(data)) as { messageId: string; payload: string };
      bytes += Buffer.from(payload, 'base64').length;
      socket.send(JSON.stringify({ messageId }));
      if (++seen === messages) resolve();
    });
  });
  const seconds = (performance.now() - begun) / 1_000;
  socket.close();
  await once(socket, 'close');
  if (bytes === 0) throw new Error('nothing was read');
  return messages / seconds;
}

/** Times between the frames of a window that follows the topic while messages pour in. */
async function framesOf(bed: StackBed, session: PulsarSession) {
  const core = spawn(process.execPath, [cli, 'open', '--web', '--json', '--stack', bed.name], {
    env: bed.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: core.stdout }), 'line')) as [string];
  const browser = await launchChromium();
  const stop = new AbortController();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto((JSON.parse(line) as { url: string }).url);
    await page.goto(new URL(`/topics?${new URLSearchParams({ topic, from: 'latest' })}`, page.url()).href);
    await page.getByTestId('tail-seen').waitFor();
    const options = { times: 1_000_000, perSecond, onProgress: () => undefined };
    const pouring = session.publishMany(topic, message, options, stop.signal).catch(() => undefined);
    await page.waitForTimeout(2_000);
    const before = await seenBy(page);
    const times = await page.evaluate(frameTimes, watched * 1_000);
    const rate = Math.round(((await seenBy(page)) - before) / watched);
    stop.abort();
    await pouring;
    const sorted = times.toSorted((a, b) => a - b);
    return { times, slow: sorted[Math.floor(sorted.length * 0.95)]!, rate };
  } finally {
    stop.abort();
    await browser.close();
    core.kill('SIGINT');
    await once(core, 'exit');
  }
}

async function seenBy(page: Page): Promise<number> {
  return Number((await page.getByTestId('tail-seen').innerText()).replaceAll(/\D/g, ''));
}

/** Runs in the window. */
function frameTimes(length: number): Promise<number[]> {
  return new Promise((resolve) => {
    const frames = globalThis as unknown as { requestAnimationFrame(next: (at: number) => void): void };
    const times: number[] = [];
    let begun: number | undefined;
    let last = 0;
    const step = (at: number) => {
      if (begun === undefined) begun = at;
      else times.push(at - last);
      last = at;
      if (at - begun < length) frames.requestAnimationFrame(step);
      else resolve(times);
    };
    frames.requestAnimationFrame(step);
  });
}
