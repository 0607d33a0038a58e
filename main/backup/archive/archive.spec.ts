import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../limits.ts';
import type { Encryption, Keys } from './encryption.ts';
import { type ArchiveHeader, archiveFormat, headerLine, sha256, trailer } from './format.ts';
import { readAbout, readArchive, readOpenHeader, verifyArchive } from './read.ts';
import { type WriteOptions, writeArchive } from './write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-archive-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'a backup.noodle');
const none: Encryption = { kind: 'none' };
const identity = await generateX25519Identity();
const passphrase: Encryption = { kind: 'passphrase', passphrase: 'correct horse' };
/** More than one piece, and nothing that compresses to nothing. */
const big = Buffer.from(Uint8Array.from({ length: limits.archivePiece * 2 + 77 }, (_, at) => (at * 2_654_435_761) >>> 13));

const writing = (change: Partial<WriteOptions> = {}): WriteOptions => ({
  kind: 'backup',
  open: { stack: 'noodlebox' },
  about: { made: 'by a test' },
  encryption: none,
  signal: new AbortController().signal,
  ...change,
});
const reading = (keys: Keys = {}) => ({ kind: 'backup' as const, keys, signal: new AbortController().signal });

async function made(encryption: Encryption = none) {
  return writeArchive(file(), writing({ encryption }), async (put) => {
    await Promise.all([put('postgres/data.dump', [big]), put('redis/keys', [Buffer.from('small')]), put('redis/nothing', [])]);
  });
}

async function contents(keys: Keys = {}) {
  return readArchive(file(), reading(keys), async ({ about, parts }) => {
    const read: Record<string, Buffer> = {};
    for await (const { path, content } of parts) read[path] = await buffer(content);
    return { about, read };
  });
}

/** An archive by hand, of entries no writer would make. */
async function forged(
  entries: readonly { readonly name: string; readonly type?: 'file' | 'symlink' | 'link' | 'directory'; readonly content?: string }[],
  change: Partial<Record<keyof ArchiveHeader, unknown>> = {},
  manifest?: (header: string) => object,
) {
  const header = { noodlebox: 'backup', format: archiveFormat, encryption: 'none', createdAt: 1, parts: 9, unpacked: 1_000, open: {} };
  const line = headerLine({ ...header, ...change } as unknown as ArchiveHeader);
  const tar = pack();
  tar.entry({ name: 'about.json' }, '{}');
  for (const { name, type = 'file', content = '' } of entries)
    tar.entry({ name, type, linkname: type === 'file' ? undefined : '/etc/passwd' }, content);
  if (manifest) tar.entry({ name: 'manifest.json' }, JSON.stringify(manifest(sha256(line))));
  tar.finalize();
  await writeFile(
    file(),
    Buffer.concat([Buffer.from(line), zstdCompressSync(await buffer(tar as unknown as AsyncIterable<Buffer>)), trailer]),
  );
}

const reason = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing',
    (error) => `${error.code}: ${error.message}`,
  );

describe.each([
  ['as it is', none, {}],
  ['to a key', { kind: 'recipients', recipients: [await identityToRecipient(identity)] }, { identities: [identity] }],
] as const)('an archive written %s', (_, encryption, keys) => {
  it('gives back what was put in, in order, and tells of itself without being read', async () => {
    const written = await made(encryption);
    expect(await contents(keys)).toEqual({
      about: { made: 'by a test' },
      read: { 'postgres/data.dump': big, 'redis/keys': Buffer.from('small'), 'redis/nothing': Buffer.alloc(0) },
    });
    const { header, bytes } = await readOpenHeader(file(), 'backup');
    expect(header).toMatchObject({ encryption: encryption.kind, parts: 3, unpacked: big.length + 5, open: { stack: 'noodlebox' } });
    expect(bytes).toBe((await readFile(file())).length);
    expect(written.bytes).toBe(bytes);
    expect((await readAbout(file(), reading(keys))).about).toEqual({ made: 'by a test' });
    expect(await readdir(folder)).toEqual(['a backup.noodle']);
  });

  it('is refused wherever it is cut off', async () => {
    await made(encryption);
    const whole = await readFile(file());
    for (const length of [20, whole.indexOf('\n') + 1, whole.length >> 1, whole.length - 1]) {
      await writeFile(file(), whole);
      await truncate(file(), length);
      expect(await reason(verifyArchive(file(), reading(keys)))).toBe(
        'archive-damaged: a backup.noodle is cut off. It ends before its end.',
      );
    }
  });

  it('is refused whichever bit is turned', async () => {
    await made(encryption);
    const whole = await readFile(file());
    for (let at = 3; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const turned = Buffer.from(whole);
      turned[at]! ^= 1 << (at % 8);
      await writeFile(file(), turned);
      expect(await reason(verifyArchive(file(), reading(keys))), `byte ${at}`).toMatch(/^(archive-(damaged|format)): /);
    }
  });
});

it('is opened by the key of any recipient, and by no other', async () => {
  const [one, two, stranger] = await Promise.all([generateX25519Identity(), generateX25519Identity(), generateX25519Identity()]);
  await made({ kind: 'recipients', recipients: [await identityToRecipient(one), await identityToRecipient(two)] });
  expect((await contents({ identities: [two] })).read['redis/keys']).toEqual(Buffer.from('small'));
  expect(await reason(contents({ identities: [stranger] }))).toMatch(/^wrong-passphrase: .*None of the keys/);
  expect(await reason(contents({ passphrase: 'x' }))).toMatch(/^wrong-passphrase: .*encrypted to keys/);
});

it('says that a passphrase is wrong or missing, and holds nothing readable without it', async () => {
  await made(passphrase);
  expect(await reason(contents({ passphrase: 'incorrect horse' }))).toMatch(/^wrong-passphrase: .*another/);
  expect(await reason(contents())).toMatch(/^wrong-passphrase: .*none was given/);
  expect((await readFile(file())).includes('redis/keys')).toBe(false);
  // A passphrase is stretched, which takes its time.
}, 60_000);

describe('an archive that someone made by hand is refused, by what is wrong with it', () => {
  it.each([
    '/etc/passwd.000000',
    '../../x.000000',
    'redis/../../x.000000',
    'C:/x.000000',
    'redis\\x.000000',
    'redis/.ssh.000000',
    'x.000000',
    'redis/no-piece',
    'redis//x.000000',
  ])('a path like %s', async (name) => {
    await forged([{ name }]);
    expect(await reason(verifyArchive(file(), reading()))).toBe(
      `archive-damaged: a backup.noodle is damaged. ${JSON.stringify(name)} is no name that a part can have.`,
    );
  });

  it.each(['symlink', 'link', 'directory'] as const)('a %s', async (type) => {
    await forged([{ name: 'redis/keys.000000', type }]);
    expect(await reason(verifyArchive(file(), reading()))).toMatch(new RegExp(`Redis/keys is a ${type}\\.$`));
  });

  it('two parts of one name, and pieces out of order', async () => {
    await forged([{ name: 'redis/a.000000', content: '1' }, { name: 'redis/b.000000' }, { name: 'redis/a.000000' }]);
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/The pieces of redis\/a are not in order/);
    await forged([{ name: 'redis/a.000000', content: '1' }, { name: 'redis/a.000002' }]);
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/The pieces of redis\/a are not in order/);
  });

  it('one that holds more than it says, or says more than it can hold', async () => {
    await forged([{ name: 'redis/bomb.000000', content: '0'.repeat(1_001) }]);
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/It holds more than it says, in redis\/bomb/);
    await forged([{ name: 'redis/bomb.000000', content: '0'.repeat(limits.archivePiece + 1) }], { unpacked: 2 ** 22 });
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/A piece of redis\/bomb is larger than pieces are/);
    await forged([], { unpacked: 2 ** 50 });
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/which no file of \d+ bytes can/);
    await forged([{ name: 'redis/a.000000' }, { name: 'redis/b.000000' }], { parts: 1 });
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/It holds more parts than it says/);
  });

  it('one that needs more memory to be read than is given', async () => {
    const line = headerLine({
      noodlebox: 'backup',
      format: archiveFormat,
      encryption: 'none',
      createdAt: 1,
      parts: 1,
      unpacked: 2 ** 20,
      open: {},
    });
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 } });
    compress.end(Buffer.alloc(64));
    await writeFile(file(), Buffer.concat([Buffer.from(line), await buffer(compress), trailer]));
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/^archive-damaged: .*What is compressed was changed/);
  });

  it('one whose parts, first line or list of contents were exchanged', async () => {
    const content = 'four';
    const part = { path: 'redis/keys', size: 4, sha256: sha256(content) };
    const about = sha256('{}');
    const entries = [{ name: 'redis/keys.000000', content }];
    await forged(entries, {}, (header) => ({ header, about, parts: [part] }));
    expect(await reason(verifyArchive(file(), reading()))).toBe('nothing');
    await forged([{ name: 'redis/keys.000000', content: 'five' }], {}, (header) => ({ header, about, parts: [part] }));
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/Redis\/keys has other content/);
    await forged([], {}, (header) => ({ header, about, parts: [part] }));
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/Redis\/keys is missing/);
    await forged(entries, {}, (header) => ({ header, about, parts: [] }));
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/Redis\/keys was not there when it was made/);
    await forged(entries, {}, () => ({ header: sha256('x'), about, parts: [part] }));
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/Its first line was changed/);
    await forged(entries, {}, (header) => ({ header, about: sha256('[]'), parts: [part] }));
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/About\.json has other content/);
    await forged(entries);
    expect(await reason(verifyArchive(file(), reading()))).toMatch(/is cut off/);
  });

  it('one of a newer format, of another kind, or none of ours', async () => {
    await forged([], { format: archiveFormat + 1 });
    expect(await reason(readOpenHeader(file(), 'backup'))).toMatch(/^archive-format: .* newer Noodlebox. It is of format 2/);
    await made();
    expect(await reason(readOpenHeader(file(), 'bundle'))).toBe('archive-format: a backup.noodle is a backup, not a bundle.');
    await writeFile(file(), '\u0000'.repeat(100_000));
    expect(await reason(readOpenHeader(file(), 'backup'))).toMatch(/^archive-format: .* is no file of Noodlebox/);
    expect(await reason(readOpenHeader(join(folder, 'nowhere'), 'backup'))).toMatch(/^not-found: /);
  });
});

describe('a file that cannot be finished is not there', () => {
  it('when what fills it fails, in the middle of a part too', async () => {
    await writeFile(file(), 'what was there before');
    const failing = async function* () {
      yield big;
      throw new Error('the server went away');
    };
    expect(await reason(writeArchive(file(), writing(), (put) => put('redis/keys', failing()).then(() => {})))).toMatch(
      /the server went away/,
    );
    expect(await readdir(folder)).toEqual(['a backup.noodle']);
    expect(await readFile(file(), 'utf8')).toBe('what was there before');
  });

  it('when it is cancelled while a store says nothing', async () => {
    const cancel = new AbortController();
    const silent = async function* (signal: AbortSignal) {
      yield big;
      cancel.abort();
      await sleep(60_000, undefined, { signal });
    };
    const written = writeArchive(file(), writing({ signal: cancel.signal }), (put, signal) =>
      put('redis/keys', silent(signal)).then(() => {}),
    );
    await expect(written).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('when a part has a name that none can have, or that is taken', async () => {
    expect(await reason(writeArchive(file(), writing(), (put) => put('../x', []).then(() => {})))).toMatch(/^bad-argument: /);
    const twice = writeArchive(file(), writing(), async (put) => {
      await put('redis/keys', []);
      await put('redis/keys', []);
    });
    expect(await reason(twice)).toMatch(/^bad-argument: .*two parts redis\/keys/);
    expect(await readdir(folder)).toEqual([]);
  });
});

it('keeps to its own memory whatever is read of it: a part may be left in the middle', async () => {
  await made();
  const first = await readArchive(file(), reading(), async ({ parts }) => {
    const seen: string[] = [];
    for await (const { path, content } of parts) {
      seen.push(path);
      for await (const _ of content) break;
    }
    return seen;
  });
  expect(first).toEqual(['postgres/data.dump', 'redis/keys', 'redis/nothing']);
  // Between first and last line is a plain tar.zst: other tools can read it.
  const bytes = await readFile(file());
  expect(
    zstdDecompressSync(bytes.subarray(bytes.indexOf('\n') + 1, -trailer.length))
      .subarray(0, 10)
      .toString(),
  ).toBe('about.json');
});
