import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import { NoodleError } from '../errors.ts';
import { readText } from '../home/files.ts';
import {
  type Credentials,
  readCredentials,
  readStackRecord,
  type StackRecord,
  writeCredentials,
  writeStackRecord,
} from '../home/stack-record.ts';
import type { Observed, Runtime } from '../runtime/runtime.ts';
import type { Definition } from '../runtime/spec.ts';
import { serviceKinds } from '../services/registry.ts';
import { readDefinition, stackName } from '../stack/definition/definition.ts';
import { withPorts } from '../stack/ports.ts';
import type { CoreContext, StackContext } from './context.ts';
import type { OpenOptions } from './core.ts';
import { openRuntime } from './runtimes.ts';

/** Noodlebox's own compose file. */
export const defaultFile = fileURLToPath(new URL('../../compose/compose.yaml', import.meta.url));

/**
 * Reads what is known of a stack, chooses its runtime and reads its definition with its own secrets.
 * A stack is remembered once something is done with it (`remember`), not by looking at it.
 */
export async function openStack(core: CoreContext, options: OpenOptions): Promise<StackContext> {
  const name = options.stack;
  if (!stackName.test(name)) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `"${name}" cannot be a stack's name.`,
      why: 'A name is made of lower-case letters, digits, - and _, and starts with a letter or a digit.',
    });
  }
  const known = await readStackRecord(core.paths, name);
  if (!known && options.create === false) {
    throw new NoodleError({
      code: 'unknown-stack',
      what: `There is no stack "${name}".`,
      todo: 'List those there are.',
      command: 'noodlebox stacks',
    });
  }
  const runtime = await openRuntime(core, options.runtime ?? 'auto', known?.runtime);
  const info = await runtime.info();
  const file = options.file ? resolve(options.file) : (known?.file ?? defaultFile);
  const dotenv = parseEnv((await readText(join(dirname(file), '.env'))) ?? '');
  const stored = await readCredentials(core.paths, name);
  const read = (credentials: Credentials) => readDefinition(file, { name, variables: variables(core, dotenv, credentials) });

  let credentials = complete(stored ?? {}, dotenv);
  let definition = await read(credentials);
  if (!stored) {
    const found = await adopted(runtime, definition);
    if (Object.keys(found).length > 0) {
      credentials = complete({ ...credentials, ...found }, dotenv);
      definition = await read(credentials);
    }
  }
  const record: StackRecord = {
    runtime: runtime.kind,
    file: file === defaultFile ? null : file,
    ports: known?.ports ?? {},
    ...(known?.branchOf ? { branchOf: known.branchOf } : {}),
    ...(known?.filled ? { filled: known.filled } : {}),
  };
  const notices = known && known.runtime !== runtime.kind ? [await moved(core, name, known.runtime, definition)] : [];
  return {
    core,
    name,
    runtime,
    info,
    definition: withPorts(definition, record.ports),
    record,
    credentials,
    // What a person said of ports is said of the stack that this one was branched from.
    exactPorts: record.branchOf ? new Set() : exactPorts(core, dotenv),
    pulsarTransport: (await core.settings()).pulsarTransport,
    notices: notices.flatMap((notice) => notice ?? []),
  };
}

/** Keeps what the stack is made of, so that the next call finds the same ports and passwords. */
export async function remember(context: StackContext, ports: Readonly<Record<string, number>>): Promise<void> {
  const { paths } = context.core;
  const stored = await readCredentials(paths, context.name);
  if (!same(stored, context.credentials)) await writeCredentials(paths, context.name, context.credentials);
  const record: StackRecord = { ...context.record, ports: { ...context.record.ports, ...ports } };
  if (!same(await readStackRecord(paths, context.name), record)) await writeStackRecord(paths, context.name, record);
}

/** The shell's variables go before the stack's secrets, and those before the .env beside the compose file. */
function variables(core: CoreContext, dotenv: NodeJS.Dict<string>, credentials: Credentials): Record<string, string> {
  const given = Object.entries({ ...dotenv, ...credentials, ...core.env });
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Secrets that are still missing, from the .env or made anew. */
function complete(known: Credentials, dotenv: NodeJS.Dict<string>): Credentials {
  const credentials: Record<string, string> = { ...known };
  for (const kind of Object.values(serviceKinds)) {
    for (const rule of kind.secrets) {
      credentials[rule.variable] ??= dotenv[rule.variable] ?? rule.make(credentials);
    }
  }
  return credentials;
}

/** Secrets of containers that are there already, such as those `docker compose` started. */
async function adopted(runtime: Runtime, definition: Definition): Promise<Credentials> {
  const observed: Observed = await runtime.observe(definition);
  const found: Record<string, string> = {};
  for (const instance of observed.instances) {
    const kind = definition.services[instance.service]?.kind;
    for (const rule of kind ? serviceKinds[kind].secrets : []) {
      const value = instance.environment[rule.environment];
      if (value) found[rule.variable] = value;
    }
  }
  return found;
}

/** A stack that was asked to run elsewhere keeps nothing behind without a word. @throws NoodleError when it still has something there */
async function moved(core: CoreContext, name: string, from: RuntimeKind, definition: Definition): Promise<string | undefined> {
  const before = await openRuntime(core, from, from).catch(() => undefined);
  if (!before) return `Stack ${name} ran on ${from} before, which does not answer now; what it has there stays there.`;
  const observed = await before.observe(definition);
  await before.close();
  if (observed.instances.length + observed.volumes.length === 0) return undefined;
  throw new NoodleError({
    code: 'bad-argument',
    what: `Stack ${name} lives on ${from}.`,
    why: `It has ${observed.instances.length} services and ${observed.volumes.length} volumes there.`,
    todo: `Give the other stack a name of its own with --stack, or take this one down with its data first.`,
    command: `noodlebox down --volumes --stack ${name} --runtime ${from}`,
  });
}

/** Ports named by a `…_PORT` variable of the shell or the .env. */
function exactPorts(core: CoreContext, dotenv: NodeJS.Dict<string>): ReadonlySet<number> {
  const given = Object.entries({ ...dotenv, ...core.env });
  return new Set(given.filter(([name]) => /^NOODLEBOX_.*_PORT$/.test(name)).map(([, value]) => Number(value)));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
