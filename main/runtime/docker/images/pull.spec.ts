import { describe, expect, it } from 'vitest';
import { jsonLines } from '../engine/json-lines.ts';
import { writtenCredentials } from './credentials.ts';
import { pullProblem } from './problem.ts';
import type { LayersProgress, PullMessage } from './progress.ts';
import { follow } from './pull.ts';
import { credentialKey, hubKey, registryOf, splitReference } from './reference.ts';

const messages: PullMessage[] = [
  { status: 'Pulling from library/redis', id: '8' },
  { status: 'Already exists', id: 'aaaaaaaaaaaa' },
  { status: 'Pulling fs layer', progressDetail: {}, id: 'bbbbbbbbbbbb' },
  { status: 'Pulling fs layer', progressDetail: {}, id: 'cccccccccccc' },
  { status: 'Waiting', progressDetail: {}, id: 'cccccccccccc' },
  { status: 'Downloading', progressDetail: { current: 40, total: 100 }, id: 'bbbbbbbbbbbb' },
  { status: 'Downloading', progressDetail: { current: 10, total: 50 }, id: 'cccccccccccc' },
  { status: 'Verifying Checksum', progressDetail: {}, id: 'bbbbbbbbbbbb' },
  { status: 'Extracting', progressDetail: { current: 30, total: 100 }, id: 'bbbbbbbbbbbb' },
];

describe('the stream of a pull', () => {
  it('adds up to bytes downloaded, while each layer tells its own step', async () => {
    expect(await lastTold(messages)).toEqual({
      kind: 'layers',
      current: 110,
      total: 150,
      layers: [
        { id: 'aaaaaaaaaaaa', status: 'Already exists', current: 0, total: 0 },
        { id: 'bbbbbbbbbbbb', status: 'Extracting', current: 30, total: 100 },
        { id: 'cccccccccccc', status: 'Downloading', current: 10, total: 50 },
      ],
    });
  });

  it('counts small layers that never told a size as done without counting bytes', async () => {
    const small = [
      { status: 'Pulling fs layer', id: 'bbbbbbbbbbbb' },
      { status: 'Pull complete', id: 'bbbbbbbbbbbb' },
    ];
    expect(await lastTold(small)).toMatchObject({ current: 0, total: 0, layers: [{ status: 'Pull complete' }] });
  });

  it('fails with the error in it, although the engine said 200', async () => {
    const failing = [
      ...messages,
      { error: 'x', errorDetail: { message: 'manifest for redis:99 not found: manifest unknown: manifest unknown' } },
    ];
    await expect(lastTold(failing)).rejects.toMatchObject({
      code: 'image-unavailable',
      problem: { what: 'There is no image redis:8 at the registry docker.io.' },
    });
  });

  it('is the same wherever it is cut', async () => {
    const bytes = Buffer.from(messages.map((message) => JSON.stringify({ ...message, status: `${message.status} ü` })).join('\r\n'));
    for (const size of [1, 2, 7, 1_000]) {
      const read: unknown[] = [];
      for await (const message of jsonLines(chunked(bytes, size))) read.push(message);
      expect(read).toHaveLength(messages.length);
      expect(read[1]).toEqual({ status: 'Already exists ü', id: 'aaaaaaaaaaaa' });
    }
  });

  async function lastTold(stream: readonly PullMessage[]): Promise<LayersProgress | undefined> {
    const told: LayersProgress[] = [];
    async function* source() {
      yield* stream;
    }
    await follow('redis:8', source(), (progress) => progress.kind === 'layers' && told.push(progress));
    return told.at(-1);
  }

  async function* chunked(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
});

describe('why an image did not come', () => {
  it.each([
    ['Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host', "can't be reached"],
    [
      'Get https://registry-1.docker.io/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      "can't be reached",
    ],
    ['Get "https://registry-1.docker.io/v2/": dial tcp 1.2.3.4:443: connect: connection refused', "can't be reached"],
    ['Get "https://registry-1.docker.io/v2/": EOF', "can't be reached"],
    ['manifest for redis:99 not found: manifest unknown: manifest unknown', 'There is no image'],
    ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'There is no image'],
    [
      "pull access denied for nobody/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      'does not hand out',
    ],
    ['toomanyrequests: You have reached your pull rate limit.', 'that much'],
    ['something else', 'could not be pulled'],
  ])('%s', (message, what) => {
    expect(pullProblem('redis:8', message)).toMatchObject({
      code: 'image-unavailable',
      what: expect.stringContaining(what),
      todo: expect.any(String),
    });
  });

  it('may be a full disk', () => {
    expect(pullProblem('redis:8', 'write /var/lib/docker/tmp/x: no space left on device').code).toBe('disk-full');
  });
});

describe('names of images', () => {
  it.each([
    ['redis', 'docker.io', 'redis', 'latest', hubKey],
    ['redis:8', 'docker.io', 'redis', '8', hubKey],
    ['apachepulsar/pulsar:4.0.7', 'docker.io', 'apachepulsar/pulsar', '4.0.7', hubKey],
    ['localhost:5000/redis', 'localhost:5000', 'localhost:5000/redis', 'latest', 'localhost:5000'],
    ['ghcr.io/a/b:1@sha256:abc', 'ghcr.io', 'ghcr.io/a/b', 'sha256:abc', 'ghcr.io'],
  ])('%s is at %s', (image, registry, name, tag, key) => {
    expect(registryOf(image)).toBe(registry);
    expect(splitReference(image)).toEqual({ name, tag });
    expect(credentialKey(image)).toBe(key);
  });
});

describe('credentials written by docker login', () => {
  const auth = Buffer.from('me:pass:word').toString('base64');

  it('are found under the registry, with or without scheme and path', () => {
    for (const key of ['ghcr.io', 'https://ghcr.io', 'https://ghcr.io/v1/']) {
      expect(writtenCredentials('ghcr.io', { auths: { [key]: { auth } } })).toEqual({
        username: 'me',
        password: 'pass:word',
        serveraddress: 'ghcr.io',
      });
    }
  });

  it('may be an identity token, or nothing', () => {
    expect(writtenCredentials('ghcr.io', { auths: { 'ghcr.io': { auth, identitytoken: 't' } } })).toEqual({ identitytoken: 't' });
    expect(writtenCredentials('ghcr.io', { auths: { 'ghcr.io': {} } })).toBeUndefined();
    expect(writtenCredentials('ghcr.io', {})).toBeUndefined();
  });
});
