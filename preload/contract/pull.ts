/** Servers that a bundle is pulled from, as a window gives them. All of it is secret: it is kept nowhere, and told of nowhere. */
import { z } from 'zod';
import type { ServiceKindName } from './kinds.ts';

/** How each server's connection string begins. */
export const pullSchemes: Readonly<Record<ServiceKindName, readonly string[]>> = {
  postgres: ['postgres://', 'postgresql://'],
  redis: ['redis://', 'rediss://'],
  pulsar: ['http://', 'https://'],
  mongodb: ['mongodb://'],
  influxdb: ['http://', 'https://'],
};

/** characters */
export const pullAddressLength = 4_096;
/** characters of certificates: those an operating system trusts are half of it */
export const pullAuthorityLength = 500_000;

/** Parameters that name files: of the machine of whoever wrote them, and never of the core's. */
const ofFiles = [
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslcrl',
  'sslcrldir',
  'passfile',
  'service',
  'tlsCAFile',
  'tlsCertificateKeyFile',
  'tlsCRLFile',
];

/** Why a connection string cannot be used; null when it can be tried. It never repeats any of it but its scheme. */
export function pullAddressProblem(kind: ServiceKindName, text: string): string | null {
  const schemes = pullSchemes[kind];
  if (text.length > pullAddressLength) return 'It is too long for a connection string';
  if (/[\s\p{Cc}]/u.test(text)) return 'It holds spaces or line breaks';
  if (/^mongodb\+srv:/i.test(text)) return 'mongodb+srv:// names a set of servers: give one of them, mongodb://host:27017/?tls=true';
  if (!schemes.some((scheme) => text.toLowerCase().startsWith(scheme))) return `Begin with ${schemes.join(' or ')}`;
  if (!URL.canParse(text)) return 'It is no URL: special characters of a password have to be percent-encoded';
  const url = new URL(text);
  if (url.hostname === '') return 'It names no host';
  if (/^https?:$/.test(url.protocol) && (url.username || url.password))
    return 'Leave user and password out: the token has a field of its own';
  const file = ofFiles.find((name) => url.searchParams.has(name) && url.searchParams.get(name) !== 'system');
  return file === undefined ? null : `${file} names a file: leave it out, and give the certificates themselves`;
}

const address = (kind: ServiceKindName) =>
  z
    .string()
    .min(1)
    .superRefine((text, { addIssue }) => {
      const message = pullAddressProblem(kind, text);
      if (message !== null) addIssue({ code: 'custom', message });
    });
/** What goes into a header: nothing else could be sent. */
const token = z
  .string()
  .max(10_000)
  .regex(/^[\x21-\x7e]*$/, 'a token is made of visible ASCII characters');
/** Certificates (PEM) of those whose word is taken for the server's; null: whom its connection string says, else whom Node trusts. */
const authority = z.string().min(1).max(pullAuthorityLength).nullable().default(null);

export const PullServer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('postgres'), url: address('postgres'), authority }),
  z.object({ kind: z.literal('redis'), url: address('redis'), authority }),
  z.object({
    kind: z.literal('pulsar'),
    /** Of its admin API. */
    url: address('pulsar'),
    token,
    authority,
  }),
  z.object({ kind: z.literal('mongodb'), url: address('mongodb'), authority }),
  z.object({
    kind: z.literal('influxdb'),
    url: address('influxdb'),
    org: z.string().max(500),
    /** Its main one; the others come along all the same. Empty: none is. */
    bucket: z.string().max(500),
    token,
    authority,
  }),
]);
export type PullServer = z.infer<typeof PullServer>;

/** One of a kind at most: in a bundle a service is called by its kind. */
export const PullServers = z
  .array(PullServer)
  .min(1)
  .max(5)
  .refine((servers) => new Set(servers.map(({ kind }) => kind)).size === servers.length, 'one server of a kind at most');
