import { describe, expect, it } from 'vitest';
import { LineReader } from './lines.ts';
import { justAfter, StampReader } from './stamp.ts';

const stamp = '2026-01-02T03:04:05.678901234Z';
const time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

describe('lines of a multiplexed log', () => {
  const stream = Buffer.concat([
    frame(1, `${stamp} first\n`),
    frame(2, '2026-01-02T03:04:06.000000001Z ERROR 2nd\r\n'),
    frame(1, '2026-01-02T03:05:00.000000000Z grüße 🙂\n'),
    frame(1, `${stamp} half `),
    frame(2, '2026-01-02T03:04:08.000000000Z between\n'),
    frame(1, '2026-01-02T03:04:07.000000000Z and half\n'),
    frame(1, '2026-01-02T03:04:09.100000000Z \n'),
    frame(1, '2026-01-02T03:04:09.200000000Z two\nin one\n'),
    frame(1, '2026-01-02T03:04:10.000000000Z no end'),
  ]);
  const whole = [
    { service: 'db', time, stream: 'stdout', level: 'info', text: 'first' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 4, 6), stream: 'stderr', level: 'error', text: 'ERROR 2nd' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 5, 0), stream: 'stdout', level: 'info', text: 'grüße 🙂' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 4, 8), stream: 'stderr', level: 'info', text: 'between' },
    { service: 'db', time, stream: 'stdout', level: 'info', text: 'half and half' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 4, 9, 100), stream: 'stdout', level: 'info', text: '' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 4, 9, 200), stream: 'stdout', level: 'info', text: 'two' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 4, 9, 200), stream: 'stdout', level: 'info', text: 'in one' },
    { service: 'db', time: Date.UTC(2026, 0, 2, 3, 4, 10), stream: 'stdout', level: 'info', text: 'no end' },
  ];

  it.each([1, 2, 3, 5, 7, 8, 9, 31, 39, 40, 64, 1_000])('are the same when the stream comes in chunks of %i bytes', (size) => {
    expect(read(chunked(stream, size))).toEqual(whole);
  });

  it('are the same when the stream is cut in two at any byte', () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      expect(read([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole);
    }
  });

  it('need no stack and no time for a chunk of very many frames', () => {
    const many = Buffer.concat(Array.from({ length: 200_000 }, () => frame(1, `${stamp} x\n`)));
    expect(read([many])).toHaveLength(200_000);
  });

  it('are cut when they are too long, with a mark, never in the middle of a character', () => {
    const parts = Array.from({ length: 10 }, () => frame(1, `${stamp} ${'ü'.repeat(8_000)}`));
    const [line, next] = read([...parts, frame(1, `${stamp} end\n`), frame(1, `${stamp} next\n`)]);
    expect(line?.text).toBe(`${'ü'.repeat(32_768)} … [94467 bytes cut]`);
    expect(next?.text).toBe('next');
    const [odd] = read([frame(1, `${stamp} x${'ü'.repeat(40_000)}\n`)]);
    expect(odd?.text).toBe(`x${'ü'.repeat(32_767)} … [14465 bytes cut]`);
  });

  it('remember the stamp to go on after', () => {
    const reader = new LineReader({ service: 'db', tty: false, level: undefined });
    reader.read(frame(1, `${stamp} a\n`));
    expect(reader.lastStamp).toBe(stamp);
    expect(justAfter(stamp)).toBe('1767323045.678901235');
    expect(justAfter('2026-01-02T03:04:05.999999999Z')).toBe('1767323046.000000000');
    expect(justAfter('2026-01-02T05:04:05+02:00')).toBe('1767323045.000000001');
    expect(justAfter('yesterday')).toBeUndefined();
  });
});

describe('lines of a terminal', () => {
  it.each([1, 3, 33, 1_000])('are stamped one by one, in chunks of %i bytes', (size) => {
    const text = Buffer.from(`${stamp} one\r\n2026-01-02T03:04:06.000000000Z two\r\n2026-01-02T03:04:07.000000000Z end`);
    const reader = new LineReader({ service: 'db', tty: true, level: undefined });
    for (const chunk of chunked(text, size)) reader.read(chunk);
    reader.end();
    expect(reader.take().map((line) => [line.time, line.text])).toEqual([
      [time, 'one'],
      [Date.UTC(2026, 0, 2, 3, 4, 6), 'two'],
      [Date.UTC(2026, 0, 2, 3, 4, 7), 'end'],
    ]);
  });
});

describe('stamps', () => {
  it.each([
    ['2026-01-02T03:04:05.678901234Z text', time, 'text'],
    ['2026-01-02T05:04:05.678901234+02:00 text', time, 'text'],
    ['2026-01-02T03:04:05.678Z text', time, 'text'],
    ['2026-01-02T03:04:05.678Z', time, ''],
    ['no stamp at all, but a long line of text', 0, 'no stamp at all, but a long line of text'],
    ['', 0, ''],
  ])('%s', (line, expected, text) => {
    const reader = new StampReader();
    const bytes = Buffer.from(line);
    expect(line.slice(reader.read(bytes, 0, bytes.length))).toBe(text);
    expect(reader.time).toBe(expected);
  });
});

function frame(stream: 1 | 2, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function chunked(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

function read(chunks: readonly Buffer[]) {
  const reader = new LineReader({ service: 'db', tty: false, level: (text) => (text.includes('ERROR') ? 'error' : undefined) });
  for (const chunk of chunks) reader.read(chunk);
  reader.end();
  return reader.take();
}
