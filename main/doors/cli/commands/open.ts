import type { Core } from '../../../core/core.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { browse, electronBinary, type Opened, openWeb, runElectron } from '../../launch.ts';
import { fail } from '../errors.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { withCore } from '../session.ts';
import { paint } from '../text.ts';
import { version } from '../version.ts';
import { printStatus } from './status.ts';

interface OpenOptions {
  readonly web: boolean;
  readonly port?: string;
}

/** Opens the window and stays until Ctrl-C. */
export async function open(options: OpenOptions, globals: GlobalOptions): Promise<void> {
  await opened(options, globals, []);
}

/** `npm start`: the window at once, and the stack brought up behind it. */
export async function start(options: OpenOptions & { readonly install: boolean }, globals: GlobalOptions): Promise<void> {
  await opened(options, globals, ['--up'], async (core, window, signal) => {
    const name = globals.stack ?? (await core.settings()).stack;
    try {
      const stack = await core.open({ stack: name, runtime: globals.runtime, file: globals.file });
      await runPrinted(globals.json, signal, (run) =>
        followed(window, name, signal, (inner) => stack.up([], { seed: true, install: options.install }, inner), run.onEvent),
      );
      if (!globals.json) printStatus(await stack.status(signal, { usage: false }));
    } catch (error) {
      // The window stays, and shows the same error with a way out.
      fail(error, globals.json);
    }
  });
}

/** Runs an act as a task of the window, and tells its events here as well. */
async function followed(
  window: Extract<Opened, { door: 'web' }>,
  stack: string,
  signal: AbortSignal,
  act: Parameters<typeof window.tasks.start>[3],
  onEvent: Parameters<Parameters<typeof window.tasks.start>[3]>[0]['onEvent'],
): Promise<void> {
  let failure: unknown;
  const task = window.tasks.start('up', stack, 'Starting the stack', (run) =>
    act(run).catch((error: unknown) => {
      failure = error;
      throw error;
    }),
  );
  signal.addEventListener('abort', () => window.tasks.cancel(task.id), { once: true });
  for await (const events of window.tasks.watch(task.id, new AbortController().signal)) for (const event of events) onEvent(event);
  if (failure) throw failure;
}

async function opened(
  options: OpenOptions,
  globals: GlobalOptions,
  electronArguments: readonly string[],
  behind?: (core: Core, window: Extract<Opened, { door: 'web' }>, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const port = options.port === undefined ? undefined : portOf(options.port);
  const electron = options.web ? undefined : electronBinary(process.env);
  if (electron) {
    process.exitCode = await runElectron(electron, [...electronArguments, ...(globals.stack ? ['--stack', globals.stack] : [])]);
    return;
  }
  await withCore(async (core, signal) => {
    // The window opens on the stack that was named, and remembers it.
    if (globals.stack) await core.saveSettings({ stack: globals.stack });
    const window = await openWeb({ core, port, version });
    const { onQuit, stack: name } = await core.settings();
    tell(window, globals, onQuit);
    await browse(window.link, core.home, process.env);
    if (window.door === 'running') return;
    try {
      await behind?.(core, window, signal);
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    } finally {
      await window.close();
      if (onQuit === 'stop') await stopStack(core, name);
    }
  });
}

async function stopStack(core: Core, name: string): Promise<void> {
  const stack = await core.open({ stack: name });
  process.stderr.write(`Stopping ${name}, as the settings say.\n`);
  await stack.stop([], { signal: AbortSignal.timeout(limits.quitStop), onEvent: () => {} });
}

function tell(window: Opened, globals: GlobalOptions, onQuit: 'keep' | 'stop'): void {
  if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'open', url: window.link })}\n`);
  const stays =
    window.door === 'running'
      ? 'It is served by the Noodlebox that runs already.'
      : `Ctrl-C closes the window; the stack ${afterwards[onQuit]}.`;
  process.stdout.write(
    `\n  Noodlebox: ${paint('bold', window.link)}\n  ${paint('dim', `The link lets one browser in, once. ${stays}`)}\n\n`,
  );
}

const afterwards = { keep: 'keeps running', stop: 'is stopped' };

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no port.`, todo: 'Give a number from 1 to 65535.' });
}
