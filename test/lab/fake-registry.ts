/** An image registry on loopback that hands out one image (distribution spec, schema 2 manifests), slowly if asked, to those who know the password. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

export interface FakeRegistry {
  /** `127.0.0.1:port`: engines take loopback registries without TLS. */
  readonly host: string;
  close(): Promise<void>;
}

export interface RegistryOptions {
  /** The image's only layer, an uncompressed tar archive. */
  readonly layer: Buffer;
  /** `user:password` */
  readonly login?: string;
  /** ms between pieces of the layer's bytes */
  readonly delay?: number;
  /** Hand out a layer that is not what its digest says. */
  readonly corrupt?: boolean;
}

const pieceBytes = 64 * 1024;

/** Serves `<host>/tiny:1`; nothing else is there. */
export async function startRegistry({ layer, login, delay = 0, corrupt = false }: RegistryOptions): Promise<FakeRegistry> {
  const blobs = new Map<string, Buffer>();
  const keep = (bytes: Buffer): { digest: string; size: number } => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  };
  const packed = gzipSync(layer);
  const layerBlob = { mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', ...keep(packed) };
  if (corrupt) blobs.set(layerBlob.digest, Buffer.alloc(packed.length, 1));
  const diffId = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const config = { architecture: 'amd64', os: 'linux', config: { Env: ['PATH=/bin'] }, rootfs: { type: 'layers', diff_ids: [diffId] } };
  const configBlob = { mediaType: 'application/vnd.docker.container.image.v1+json', ...keep(Buffer.from(JSON.stringify(config))) };
  const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: configBlob, layers: [layerBlob] }));
  const manifestDigest = keep(manifest).digest;

  const server = createServer((request, response) => void answer(request, response));
  async function answer({ url = '', method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (login && headers.authorization !== `Basic ${Buffer.from(login).toString('base64')}`) {
      response
        .writeHead(401, { 'www-authenticate': 'Basic realm="test"' })
        .end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      return;
    }
    if (url === '/v2/') return void response.writeHead(200).end('{}');
    if (/^\/v2\/tiny\/manifests\/(1|sha256:.*)$/.test(url)) {
      response.writeHead(200, { 'content-type': manifestType, 'content-length': manifest.length, 'docker-content-digest': manifestDigest });
      return void response.end(method === 'HEAD' ? undefined : manifest);
    }
    const blob = blobs.get(url.replace('/v2/tiny/blobs/', ''));
    if (!blob)
      return void response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
    response.writeHead(200, { 'content-length': blob.length });
    for (let at = 0; at < blob.length && !response.destroyed; at += pieceBytes) {
      response.write(blob.subarray(at, at + pieceBytes));
      if (delay) await pause(delay);
    }
    response.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
