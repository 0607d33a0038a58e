import { confirm } from '../confirm.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withCore } from '../session.ts';
import { paint, table } from '../text.ts';

export async function stacks(globals: GlobalOptions): Promise<void> {
  await withCore(async (core) => {
    const all = await core.stacks();
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, stacks: all })}\n`);
    if (all.length === 0) return void process.stdout.write('There is no stack yet. noodlebox up makes one.\n');
    const rows = all.map(({ name, runtime, running, services, file }) => [
      name,
      runtime ?? '',
      `${running} of ${services} running`,
      file ?? 'the default definition',
    ]);
    process.stdout.write(`${table([['stack', 'runtime', 'services', 'definition'].map((head) => paint('dim', head)), ...rows])}\n`);
  });
}

export async function forget(name: string, globals: GlobalOptions): Promise<void> {
  await withCore(async (core, signal) => {
    const begun = performance.now();
    await confirm(`Forget ${name}?`, await core.forgettable(name), globals, signal);
    await core.forget(name);
    result(globals, performance.now() - begun, `${name} is forgotten`);
  });
}
