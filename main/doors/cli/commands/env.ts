import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { defaultFile } from '../../../core/open.ts';
import { NoodleError } from '../../../errors.ts';
import { writeFileAtomic } from '../../../home/files.ts';
import type { GlobalOptions } from '../main.ts';
import { withStack } from '../session.ts';
import { paint } from '../text.ts';

export async function env(options: { format: 'dotenv' | 'json' | 'shell'; init?: boolean }, globals: GlobalOptions): Promise<void> {
  await withStack(globals, async (stack) => {
    if (options.init) return init(await stack.composeEnvironment(), globals);
    const variables = await stack.environment();
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, variables })}\n`);
    if (options.format === 'json') return void process.stdout.write(`${JSON.stringify(variables, null, 2)}\n`);
    const write = options.format === 'shell' ? shellLine : dotenvLine;
    process.stdout.write(
      Object.entries(variables)
        .map(([name, value]) => `${write(name, value)}\n`)
        .join(''),
    );
  });
}

/** Writes what plain `docker compose` needs, where it looks for it. */
async function init(variables: Readonly<Record<string, string>>, globals: GlobalOptions): Promise<void> {
  const path = join(dirname(globals.file ? resolve(globals.file) : defaultFile), '.env');
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there && !globals.yes) {
    throw new NoodleError({
      code: 'confirmation-needed',
      what: `${path} is there already.`,
      why: 'Passwords in it may belong to volumes that exist.',
      todo: 'Give --yes to have it written anew.',
    });
  }
  const lines = Object.entries({ COMPOSE_PROFILES: 'all', ...variables }).map(([name, value]) => dotenvLine(name, value));
  await writeFileAtomic(path, `# Written by noodlebox env --init. It holds passwords: keep it to yourself.\n${lines.join('\n')}\n`, 0o600);
  process.stdout.write(globals.json ? `${JSON.stringify({ type: 'result', ok: true, path })}\n` : `${paint('green', '✔')} ${path}\n`);
}

/** Single quotes keep everything but themselves. */
function shellLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}

/** Compose and the dotenv libraries take single quotes literally, and escape nothing within; double quotes hold the rest. */
function dotenvLine(name: string, value: string): string {
  if (/^[\w.:/@%+=,?&-]*$/.test(value)) return `${name}=${value}`;
  return value.includes("'") ? `${name}="${value.replaceAll(/["\\$]/g, '\\$&')}"` : `${name}='${value}'`;
}
