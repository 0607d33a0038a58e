import { printPlan } from '../../../stack/plan.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { withStack } from '../session.ts';
import { paint, took } from '../text.ts';
import { printStatus } from './status.ts';

export async function up(
  services: string[],
  options: { dryRun?: boolean; seed: boolean; install: boolean },
  globals: GlobalOptions,
): Promise<void> {
  await withStack(globals, async (stack, signal) => {
    if (options.dryRun) {
      const operations = await stack.plan(services, { seed: options.seed });
      const text = operations.length > 0 ? printPlan(operations) : 'Nothing to do.';
      process.stdout.write(globals.json ? `${JSON.stringify({ type: 'plan', operations })}\n{"type":"result","ok":true}\n` : `${text}\n`);
      return;
    }
    let planned = 0;
    const ms = await runPrinted(globals.json, signal, (run) =>
      stack.up(
        services,
        { seed: options.seed, install: options.install },
        {
          signal: run.signal,
          onEvent: (event) => {
            if (event.type === 'plan') planned = event.operations.length;
            run.onEvent(event);
          },
        },
      ),
    );
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, took: Math.round(ms) })}\n`);
    if (planned === 0) return void process.stdout.write(`${paint('green', '✔')} ${stack.name} is up, nothing to do.\n`);
    process.stdout.write(`${paint('green', '✔')} ${stack.name} is up  ${paint('dim', took(ms))}\n\n`);
    // What a server uses while it starts says nothing, and measuring it would keep whoever waits for the end.
    printStatus(await stack.status(signal, { usage: false }));
    process.stdout.write(`\n${paint('dim', 'noodlebox open shows it, noodlebox env gives your application its connection strings.')}\n`);
  });
}
