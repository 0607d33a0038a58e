import { type ServiceKindName, serviceKindNames } from '../../../../preload/contract/kinds.ts';
import { NoodleError } from '../../../errors.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withCore } from '../session.ts';
import { paint } from '../text.ts';

export async function list(globals: GlobalOptions): Promise<void> {
  await withCore(async (core) => {
    const servers = await core.servers();
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, servers })}\n`);
    for (const { title, state, program, path, commands, lacks } of servers) {
      const mark = state === 'found' ? paint('green', '●') : state === 'installable' ? paint('yellow', '○') : paint('red', '✖');
      process.stdout.write(`${mark} ${paint('bold', title)}  ${program}${path ? `  ${paint('dim', path)}` : ''}\n`);
      for (const { what, command } of lacks) process.stdout.write(`    lacks ${what}${command ? `: ${command}` : ''}\n`);
      for (const command of commands) process.stdout.write(`    ${paint('dim', command)}\n`);
    }
  });
}

export async function install(names: string[], globals: GlobalOptions): Promise<void> {
  const kinds = names.map(kindOf);
  await withCore(async (core, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => core.installServers(kinds, run));
    result(globals, ms, 'the servers are here');
  });
}

function kindOf(name: string): ServiceKindName {
  const kind = serviceKindNames.find((one) => one === name);
  if (kind) return kind;
  throw new NoodleError({
    code: 'unknown-service',
    what: `There is no server "${name}".`,
    todo: `Name one of ${serviceKindNames.join(', ')}.`,
  });
}
