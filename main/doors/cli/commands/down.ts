import { confirm } from '../confirm.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withKnownStack } from '../session.ts';

export async function down(options: { volumes?: boolean; snapshot: boolean }, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const volumes = options.volumes ?? false;
    if (volumes && !globals.yes)
      await confirm(`Take ${stack.name} down and delete its data?`, await stack.losses('down-volumes'), globals, signal);
    const ms = await runPrinted(globals.json, signal, (run) => stack.down({ volumes, snapshot: options.snapshot }, run));
    result(globals, ms, volumes ? `${stack.name} is down, its data are deleted` : `${stack.name} is down, its data stay`);
  });
}
