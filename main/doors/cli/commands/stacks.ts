import type { GlobalOptions } from '../main.ts';
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
