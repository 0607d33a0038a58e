import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withKnownStack } from '../session.ts';

export async function restart(services: string[], globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.restart(services, run));
    result(globals, ms, `${services.join(', ') || stack.name} restarted`);
  });
}

export async function stop(services: string[], globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const ms = await runPrinted(globals.json, signal, (run) => stack.stop(services, run));
    result(globals, ms, `${services.join(', ') || stack.name} stopped`);
  });
}
