import type { RuntimeInfo, ServiceStatus, StackStatus } from '../../../../preload/contract/models.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { paint, size, stateWord, table } from '../text.ts';

export async function status(globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const now = await stack.status(signal);
    if (globals.json) process.stdout.write(`${JSON.stringify(statusResult(now))}\n`);
    else printStatus(now);
  });
}

/** What `status --json` ends with: these fields, in this order. */
function statusResult({ stack, runtime, overall, services }: StackStatus) {
  return {
    type: 'result',
    ok: true,
    stack,
    runtime: runtime.kind,
    overall,
    services: services.map((service) => serviceResult(runtime, service)),
  };
}

function serviceResult(runtime: RuntimeInfo, service: ServiceStatus) {
  const { name, kind, state, health, url, host, port, version, image, pid, container, cpu, memory, startedAt, reasons } = service;
  const where = runtime.kind === 'docker' ? { container } : { pid };
  return { name, kind, state, health, url, host, port, version, image, ...where, cpu, memory, startedAt, reasons };
}

const told: Readonly<Record<string, (service: ServiceStatus) => string>> = {
  service: ({ name }) => name,
  state: ({ state }) => stateWord(state),
  version: ({ version }) => version ?? '',
  cpu: ({ cpu }) => (cpu === null ? '' : `${(cpu * 100).toFixed(0)} %`),
  memory: ({ memory }) => (memory === null ? '' : size(memory)),
  address: ({ url }) => url ?? '',
};

export function printStatus(now: StackStatus): void {
  process.stdout.write(
    `${paint('bold', now.stack)}  ${stateWord(now.overall)}  ${paint('dim', `${now.runtime.title} at ${now.runtime.endpoint}`)}\n\n`,
  );
  // Columns that nothing is known of are left out.
  const columns = Object.entries(told).filter(([, tell]) => now.services.some((service) => tell(service) !== ''));
  const rows = now.services.map((service) => columns.map(([, tell]) => tell(service)));
  process.stdout.write(`${table([columns.map(([head]) => paint('dim', head)), ...rows])}\n`);
  for (const { name, reasons, notes } of now.services) {
    for (const reason of reasons) process.stdout.write(`${paint('yellow', '!')} ${name}: ${reason}\n`);
    for (const note of notes) process.stdout.write(`${paint('dim', `· ${name}: ${note}`)}\n`);
  }
}
