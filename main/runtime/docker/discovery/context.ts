/**
 * Docker contexts as the docker command keeps them (docker/cli, cli/context/store):
 * `<config>/config.json` names the current one; its endpoint is in `contexts/meta/<sha256 of the name>/meta.json`,
 * its TLS files in `contexts/tls/<sha256>/docker/`.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NoodleError } from '../../../errors.ts';
import type { TlsMaterial } from './endpoint.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of docker's config.json that matters here. */
export interface DockerConfig {
  readonly currentContext?: string;
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

export interface DockerContext {
  readonly name: string;
  /** As DOCKER_HOST would have it. */
  readonly host: string;
  readonly tls: TlsMaterial | undefined;
}

export function configFolder(env: Environment): string {
  return env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
}

/** Empty when there is none. @throws NoodleError file-unreadable */
export async function readDockerConfig(env: Environment): Promise<DockerConfig> {
  return (await readJson<DockerConfig>(join(configFolder(env), 'config.json'))) ?? {};
}

/** @throws NoodleError no-engine (a context of that name is not there), file-unreadable */
export async function readContext(name: string, env: Environment): Promise<DockerContext> {
  const folder = createHash('sha256').update(name).digest('hex');
  const contexts = join(configFolder(env), 'contexts');
  const meta = await readJson<ContextMeta>(join(contexts, 'meta', folder, 'meta.json'));
  const endpoint = meta?.Endpoints?.docker;
  if (!endpoint?.Host) {
    throw new NoodleError({
      code: 'no-engine',
      what: `There is no docker context "${name}" with an engine.`,
      todo: 'See which there are, and use one of them.',
      command: 'docker context ls',
    });
  }
  return { name, host: endpoint.Host, tls: await readTls(join(contexts, 'tls', folder, 'docker'), endpoint.SkipTLSVerify !== true) };
}

/** TLS by DOCKER_TLS_VERIFY (verified) or DOCKER_TLS (not), with the files of DOCKER_CERT_PATH. */
export async function readEnvironmentTls(env: Environment): Promise<TlsMaterial | undefined> {
  if (!env.DOCKER_TLS_VERIFY && !env.DOCKER_TLS) return undefined;
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  return (await readTls(env.DOCKER_CERT_PATH || configFolder(env), verify)) ?? { ca: undefined, cert: undefined, key: undefined, verify };
}

interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

/** The three files docker keeps; undefined when none of them is there. */
async function readTls(folder: string, verify: boolean): Promise<TlsMaterial | undefined> {
  const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map((file) => readIfThere(join(folder, file))));
  return ca || cert || key ? { ca, cert, key, verify } : undefined;
}

async function readJson<T>(file: string): Promise<T | undefined> {
  const content = await readIfThere(file);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content.toString('utf8')) as T;
  } catch (cause) {
    throw new NoodleError(
      {
        code: 'file-unreadable',
        what: `Docker's file ${file} is not JSON.`,
        why: cause instanceof Error ? `${cause.message}.` : undefined,
        todo: 'Mend it, or move it away.',
      },
      { cause },
    );
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return undefined;
    throw new NoodleError(
      {
        code: 'file-unreadable',
        what: `Docker's file ${file} can't be read.`,
        why: cause instanceof Error ? `${cause.message}.` : undefined,
        todo: 'See to whom it belongs.',
      },
      { cause },
    );
  }
}
