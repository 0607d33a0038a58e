/**
 * Credentials of private registries from docker's config: a helper of the registry, the store of all,
 * or written in the file (docker/cli, cli/config/credentials). Helpers speak the protocol of
 * docker-credential-helpers: `docker-credential-<name> get`, the registry on stdin, JSON on stdout.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { limits } from '../../../limits.ts';
import { type DockerConfig, type Environment, readDockerConfig } from '../discovery/context.ts';
import { credentialKey } from './reference.ts';

/** The body of the X-Registry-Auth header. */
export type RegistryAuth =
  | { readonly identitytoken: string }
  | { readonly username: string; readonly password: string; readonly serveraddress: string };

/** The header that lets the engine pull the image; undefined when docker knows no credentials for its registry. */
export async function registryAuthHeader(image: string, env: Environment): Promise<string | undefined> {
  const auth = await findCredentials(credentialKey(image), await readDockerConfig(env), env);
  return auth && Buffer.from(JSON.stringify(auth)).toString('base64url');
}

async function findCredentials(key: string, config: DockerConfig, env: Environment): Promise<RegistryAuth | undefined> {
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  const helped = helper ? await askHelper(helper, key, env) : undefined;
  return helped ?? writtenCredentials(key, config);
}

/** What `docker login` wrote without a store: base64 of `user:password`. */
export function writtenCredentials(key: string, { auths = {} }: DockerConfig): RegistryAuth | undefined {
  const bare = (name: string): string => name.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const entry = auths[key] ?? Object.entries(auths).find(([name]) => bare(name) === bare(key))?.[1];
  if (entry?.identitytoken) return { identitytoken: entry.identitytoken };
  const [username, ...password] = Buffer.from(entry?.auth ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return username && password.length > 0 ? { username, password: password.join(':'), serveraddress: key } : undefined;
}

/** A helper that is missing, fails or knows nothing leaves the pull to be tried without credentials, as docker does. */
async function askHelper(helper: string, key: string, env: Environment): Promise<RegistryAuth | undefined> {
  try {
    const { Username, Secret } = JSON.parse(await runHelper(`docker-credential-${helper}`, key, env)) as {
      Username?: string;
      Secret?: string;
    };
    if (!Username || !Secret) return undefined;
    return Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret, serveraddress: key };
  } catch {
    return undefined;
  }
}

async function runHelper(command: string, input: string, env: Environment): Promise<string> {
  const child = spawn(command, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], timeout: limits.credentialHelper, windowsHide: true });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return Promise.race([text(child.stdout), failed]);
}
