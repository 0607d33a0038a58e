import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../preload/contract/models.ts';
import { mergeLogs } from './merge.ts';
import { LogSession } from './session.ts';

function line(service: string, time: number, text = `${service} ${time}`, level: LogLine['level'] = 'info'): LogLine {
  return { service, time, stream: 'stdout', level, text };
}

async function* batches(...given: (readonly LogLine[])[]): AsyncGenerator<readonly LogLine[]> {
  yield* given;
}

async function* endless(first: readonly LogLine[], signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
  yield first;
  yield [];
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function texts(lines: AsyncIterable<readonly LogLine[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of lines) all.push(...batch.map(({ text }) => text));
  return all;
}

describe('merging logs', () => {
  it('puts lines of several services in order of time, whatever their batches', async () => {
    const a = batches([line('a', 1), line('a', 4)], [line('a', 6)]);
    const b = batches([line('b', 2)], [line('b', 3), line('b', 5), line('b', 7)]);
    expect(await texts(mergeLogs([a, b]))).toEqual(['a 1', 'b 2', 'b 3', 'a 4', 'b 5', 'a 6', 'b 7']);
  });

  it('does not let a silent service hold the others back', async () => {
    const abort = new AbortController();
    const merged = mergeLogs([endless([line('silent', 1)], abort.signal), batches([line('b', 2)], [line('b', 3)])]);
    const seen: string[] = [];
    for await (const batch of merged) {
      seen.push(...batch.map(({ text }) => text));
      if (seen.length === 3) abort.abort();
    }
    expect(seen).toEqual(['silent 1', 'b 2', 'b 3']);
  });

  it('waits for a source that is slow to begin', async () => {
    async function* late(): AsyncGenerator<readonly LogLine[]> {
      await new Promise((resolve) => setTimeout(resolve, 400));
      yield [line('late', 1)];
    }
    expect(await texts(mergeLogs([late(), batches([line('b', 2)])]))).toEqual(['late 1', 'b 2']);
  });

  it('tells a source that fails', async () => {
    async function* failing(): AsyncGenerator<readonly LogLine[]> {
      yield [line('a', 1)];
      throw new Error('gone');
    }
    await expect(texts(mergeLogs([failing(), batches([line('b', 9)])]))).rejects.toThrow('gone');
  });
});

describe('a log session', () => {
  const lines = Array.from({ length: 120_000 }, (_, at) =>
    line(at % 3 === 0 ? 'db' : 'app', at, at % 1000 === 0 ? `line ${at} Ünïcode NEEDLE` : `line ${at}`, at % 2 === 0 ? 'info' : 'error'),
  );

  async function session(given = lines): Promise<LogSession> {
    const opened = new LogSession((signal) => endless(given, signal));
    for await (const { total } of opened.progress(AbortSignal.timeout(60_000))) if (total === given.length) break;
    return opened;
  }

  it('pages through lines across its segments as they came', async () => {
    const opened = await session();
    const page = await opened.page(49_999, 3);
    expect(page.map(({ index, text }) => [index, text])).toEqual([
      [49_999, 'line 49999'],
      [50_000, 'line 50000 Ünïcode NEEDLE'],
      [50_001, 'line 50001'],
    ]);
    await opened.close();
  });

  it('filters by service, level and text at once, in any case of letters', async () => {
    const opened = await session();
    const { matched } = await opened.filter({ services: ['app'], levels: ['info'], text: 'ünïcode needle' });
    const expected = lines.filter(({ service, level, text }) => service === 'app' && level === 'info' && text.includes('NEEDLE'));
    expect(matched).toBe(expected.length);
    const page = await opened.page(0, 500);
    expect(page.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
    expect((await opened.filter({ services: [], levels: [], text: '' })).matched).toBe(lines.length);
    await opened.close();
  });

  it('leaves no file behind', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('noodlebox-log-'));
    const opened = await session([line('db', 1)]);
    await opened.close();
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('noodlebox-log-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  it('tells whoever watches that its source failed', async () => {
    async function* failing(): AsyncGenerator<readonly LogLine[]> {
      yield [line('a', 1)];
      throw new Error('engine gone');
    }
    const opened = new LogSession(failing);
    const watching = (async () => {
      for await (const _ of opened.progress(AbortSignal.timeout(5_000)));
    })();
    await expect(watching).rejects.toThrow('engine gone');
    await opened.close();
  });
});
