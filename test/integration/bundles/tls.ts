/** Bundles pulled through TLS: the certificate of each server is checked, and one that is not the right one is told nothing. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asNoodleError } from '../../../main/errors.ts';
import type { BundleAbout } from '../../../preload/contract/bundles.ts';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import type { TaskEvent } from '../../../preload/contract/models.ts';
import type { PullServer } from '../../../preload/contract/pull.ts';
import { quietRun } from '../../lab/stack-bed.ts';
import { type Certificate, makeAuthority, signedBy } from '../../support/certificates.ts';
import { openTlsProxy, type TlsProxy } from '../../support/tls-proxy.ts';
import { all, bed, coreOf, folder, lacks, problemOf, pulled, taken, user } from './bed.ts';
import { sorted } from './content.ts';

const kinds = ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb'] as const;

export function bundlesThroughTls(): void {
  describe('servers that speak TLS', () => {
    const proxies = new Map<ServiceKindName, TlsProxy>();
    let authority: Certificate;
    let own: Certificate;
    /** Of the same authority, for another host. */
    let elsewhere: Certificate;
    /** Nobody's word stands for it. */
    let stranger: Certificate;

    beforeAll(async () => {
      if (lacks) return;
      authority = makeAuthority(folder, 'authority');
      own = signedBy(folder, authority, 'own', ['DNS:localhost', 'IP:127.0.0.1']);
      elsewhere = signedBy(folder, authority, 'elsewhere', ['DNS:db.example.org', 'IP:127.0.0.2']);
      stranger = signedBy(folder, makeAuthority(folder, 'other'), 'stranger', ['DNS:localhost', 'IP:127.0.0.1']);
      for (const kind of kinds) {
        const { host, port, parts } = await bed.stack.connection(kind);
        const reached = kind === 'pulsar' ? new URL(parts.adminUrl!) : { hostname: host, port };
        proxies.set(kind, await openTlsProxy({ host: reached.hostname, port: Number(reached.port) }, own, kind === 'postgres'));
      }
    });
    afterAll(async () => {
      for (const proxy of proxies.values()) await proxy.close();
    });
    beforeEach(() => {
      for (const proxy of proxies.values()) proxy.show(own);
    });

    /** What stands in the environment to pull from one of them. @param trusted a file of certificates; undefined: whom Node trusts */
    async function variablesOf(kind: ServiceKindName, trusted: string | undefined, host = '127.0.0.1'): Promise<Record<string, string>> {
      const { parts } = await bed.stack.connection(kind);
      const { port } = proxies.get(kind)!;
      const secret = encodeURIComponent(parts.password ?? '');
      const at = `${host}:${port}`;
      switch (kind) {
        case 'postgres': {
          const root = trusted === undefined ? 'system' : encodeURIComponent(trusted);
          return { DATABASE_URL: `postgres://${parts.user}:${secret}@${at}/${parts.database}?sslmode=verify-full&sslrootcert=${root}` };
        }
        case 'redis':
          return { REDIS_URL: `rediss://:${secret}@${at}/0`, REDIS_CA_FILE: trusted ?? '' };
        case 'pulsar':
          return { PULSAR_ADMIN_URL: `https://${at}`, PULSAR_TOKEN: parts.token!, PULSAR_CA_FILE: trusted ?? '' };
        case 'mongodb': {
          const file = trusted === undefined ? '' : `&tlsCAFile=${encodeURIComponent(trusted)}`;
          return { MONGODB_URL: `mongodb://${parts.user}:${secret}@${at}/${parts.database}?tls=true${file}` };
        }
        case 'influxdb':
          return {
            INFLUX_URL: `https://${at}`,
            INFLUX_ORG: parts.org!,
            INFLUX_BUCKET: parts.bucket!,
            INFLUX_TOKEN: parts.token!,
            INFLUX_CA_FILE: trusted ?? '',
          };
      }
    }

    const coreFor = (variables: Readonly<Record<string, string>>) =>
      coreOf({ ...bed.env, ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`NOODLEBOX_PULL_${name}`, value])) });

    async function refusal(variables: Readonly<Record<string, string>>) {
      const core = await coreFor(variables);
      try {
        return await problemOf(pulled(core, { ...all, mask: false }));
      } finally {
        await core.close();
      }
    }

    it.for([
      '127.0.0.1',
      'localhost',
    ])('give the same bundle as in clear, when the authority that signed for %s is named', async (host, test) => {
      if (lacks) return test.skip(lacks);
      const variables = await Promise.all(kinds.map((kind) => variablesOf(kind, authority.certFile, host)));
      const core = await coreFor(Object.assign({}, ...variables));
      const request = { ...all, ids: [user], mask: false };
      const [plain, { about, parts }] = [await taken(bed.stack, request), await pulled(core, request)];
      await core.close();
      const counts = ({ services }: BundleAbout) => Object.fromEntries(services.map((each) => [each.kind, each.counts]));
      expect(counts(about)).toEqual(counts(plain.about));
      for (const [path, content] of plain.parts)
        if (/^(postgres|redis|mongodb|pulsar)\/(rows|keys|documents|messages)/.test(path))
          expect(sorted(parts.get(path)!), path).toEqual(sorted(content));
      for (const [kind, proxy] of proxies) expect(proxy.sent(), kind).toBeGreaterThan(0);
    });

    it.for(
      kinds,
    )('%s is told nothing when its certificate is of another authority, of another host, or of nobody that is known', async (kind, test) => {
      if (lacks) return test.skip(lacks);
      const proxy = proxies.get(kind)!;
      for (const [shown, trusted] of [
        [stranger, authority.certFile],
        [elsewhere, authority.certFile],
        [own, undefined],
      ] as const) {
        proxy.show(shown);
        expect(await refusal(await variablesOf(kind, trusted))).toMatchObject({ code: 'untrusted-server' });
        expect(proxy.sent()).toBe(0);
      }
    });

    it('are believed by the certificates that a window gives, and each that is refused says why', async (test) => {
      if (lacks) return test.skip(lacks);
      const [pem, other] = [await readFile(authority.certFile, 'utf8'), await readFile(stranger.certFile, 'utf8')];
      const servers = async (trusted: string): Promise<PullServer[]> => {
        const [postgres, redis, mongodb] = await Promise.all((['postgres', 'redis', 'mongodb'] as const).map((kind) => variablesOf(kind, undefined))); // biome-ignore format: one line
        return [
          // Naming whom is trusted asks for TLS.
          { kind: 'postgres', url: postgres!.DATABASE_URL!.replace(/\?.*/, ''), authority: trusted },
          { kind: 'redis', url: redis!.REDIS_URL!, authority: trusted },
          { kind: 'mongodb', url: mongodb!.MONGODB_URL!.replace(/\?.*/, ''), authority: trusted },
        ];
      };
      const core = await coreOf(bed.env);
      try {
        const request = { ...all, ids: [user] };
        const bundle = await core.bundles.pull(await servers(pem), request, quietRun());
        await bundle.discard();
        expect(bundle.about.services.map(({ kind }) => kind)).toEqual(['postgres', 'redis', 'mongodb']);
        for (const kind of ['postgres', 'redis', 'mongodb'] as const) expect(proxies.get(kind)!.sent(), kind).toBeGreaterThan(0);
        const refused = await problemOf(core.bundles.pull(await servers(other), request, quietRun()));
        expect(refused).toMatchObject({ code: 'untrusted-server', what: '3 of 3 servers cannot be read.' });
        expect(refused.why!.split('\n')).toEqual(
          ['PostgreSQL', 'Redis', 'MongoDB'].map((title) => expect.stringMatching(new RegExp(`^${title}: The certificate of 127.0.0.1:\\d+ is not one that is trusted. `))), // biome-ignore format: one line
        );
        const [plain] = await servers('no certificate');
        expect(await problemOf(core.bundles.pull([plain!], request, quietRun()))).toMatchObject({
          what: 'The certificate authority of PostgreSQL cannot be used as a file of certificates.',
        });
        const clear = { kind: 'redis', url: (await bed.stack.connection('redis')).url, authority: pem } as const;
        expect(await problemOf(core.bundles.pull([clear], request, quietRun()))).toMatchObject({
          what: 'Redis has a certificate authority, and its connection string asks for no TLS.',
        });
      } finally {
        await core.close();
      }
    });

    it('of PostgreSQL are checked as libpq does it, by pg_dump too', async (test) => {
      if (lacks) return test.skip(lacks);
      const proxy = proxies.get('postgres')!;
      const { DATABASE_URL: url } = await variablesOf('postgres', authority.certFile);
      const attempt = async (mode: string, shown: Certificate, after?: Certificate) => {
        proxy.show(shown);
        const core = await coreFor({
          DATABASE_URL: url!.replace('verify-full', mode).replace(mode === 'require' ? /&sslrootcert.*/ : /$^/, ''),
        });
        // Its rows are read through a connection that is there already; what connects from then on is pg_dump.
        const onEvent = (event: TaskEvent) => {
          if (after && event.type === 'operation' && event.id === 'copy postgres' && event.state === 'running') proxy.show(after);
        };
        try {
          const bundle = await core.bundles.pull(undefined, { ...all, ids: [user], rules: 'children: none' }, { ...quietRun(), onEvent });
          await bundle.discard();
          return 'taken';
        } catch (error) {
          return `${asNoodleError(error).code}: ${asNoodleError(error).message}`;
        } finally {
          await core.close();
        }
      };
      expect(await attempt('verify-ca', elsewhere)).toBe('taken');
      expect(await attempt('require', stranger)).toBe('taken');
      expect(await attempt('verify-ca', stranger)).toMatch(/^untrusted-server: /);
      expect(await attempt('verify-full', own, elsewhere)).toMatch(/^tool-failed: .*does not match host name/s);
      expect(await attempt('verify-ca', own, stranger)).toMatch(/^tool-failed: .*certificate verify failed/s);
    });

    it('and files that hold no certificate are told before anything is connected; a port without TLS is told for what it is', async (test) => {
      if (lacks) return test.skip(lacks);
      const file = join(folder, 'no-certificate.pem');
      await writeFile(file, (await readFile(authority.certFile, 'utf8')).replace(/M[A-Za-z]{8}/, 'AAAAAAAAA'));
      for (const trusted of [file, join(folder, 'nowhere.pem')]) {
        expect(await refusal(await variablesOf('redis', trusted))).toMatchObject({
          code: 'bad-argument',
          what: expect.stringContaining(trusted),
        });
      }
      expect(proxies.get('redis')!.sent()).toBe(0);
      const { port } = await bed.stack.connection('influxdb');
      const variables = await variablesOf('influxdb', authority.certFile);
      expect(await refusal({ ...variables, INFLUX_URL: `https://127.0.0.1:${port}` })).toMatchObject({ code: 'not-supported-by-server' });
    });
  });
}
