/** The Electron app: one window, one tray, one core. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, Menu, MessageChannelMain, protocol, screen, shell, Tray } from 'electron';
import { createRouter } from '../../api/router.ts';
import type { Core, Tasks } from '../../core/core.ts';
import { createCore } from '../../core/create.ts';
import { createTasks } from '../../core/tasks.ts';
import { asNoodleError } from '../../errors.ts';
import { takeLock } from '../../home/lock.ts';
import { homeFolder, homePaths } from '../../home/paths.ts';
import { scheme, windowUrl } from './addresses.ts';
import { readWindowState, writeWindowState } from './bounds.ts';
import { serveFiles } from './files.ts';
import { offerApi } from './port.ts';
import { endCore } from './quit.ts';
import { trayMenu } from './tray.ts';
import { shutIn, stateOf, windowOptions } from './window.ts';

/** The built app's folder: `out/` in a checkout, the archive in an installed app. */
const built = fileURLToPath(new URL('../../../', import.meta.url));
const places = {
  preload: join(built, 'preload', 'index.cjs'),
  window: join(built, 'dist', 'renderer'),
  icon: join(built, 'icon.png'),
};

const home = homeFolder(process.env);
// Electron's own single-instance lock goes by this folder: one app a data home, as in every door.
app.setPath('userData', join(home, 'electron'));
protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  await app.whenReady();
  await run().catch((error: unknown) => {
    const { problem } = asNoodleError(error);
    dialog.showErrorBox(problem.what, [problem.why, problem.todo, problem.command].filter(Boolean).join('\n\n'));
    app.exit(1);
  });
} else {
  app.quit();
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { stack: { type: 'string' }, up: { type: 'boolean' } },
    strict: false,
  });
  const lock = await takeLock(homePaths(home).appLock, 'the app', 'home-locked');
  const core = await createCore({ home, env: process.env, onNotice: (message) => dialog.showErrorBox('Noodlebox', message) });
  const tasks = createTasks();
  const stack = typeof values.stack === 'string' ? values.stack : (await core.settings()).stack;

  const serve = await serveFiles(places.window, core.shelf);
  protocol.handle(scheme, serve);
  app.on('web-contents-created', (_event, contents) => shutIn(contents, (url) => void shell.openExternal(url)));

  const window = await openWindow(createRouter({ core, tasks, door: 'electron', version: app.getVersion() }));
  const show = (): void => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  app.on('second-instance', show);
  app.on('activate', show);
  keepTray({ core, tasks, stack, show });
  quitTidily(window, async () => {
    await endCore(core);
    await lock.release();
  });
  if (values.up) bringUp(core, tasks, stack);
}

async function openWindow(router: ReturnType<typeof createRouter>): Promise<BrowserWindow> {
  const stateFile = join(home, 'window.json');
  const state = await readWindowState(
    stateFile,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow(windowOptions(state, places.preload, places.icon));
  if (state.maximized) window.maximize();
  offerApi(router, window.webContents, () => new MessageChannelMain());
  window.once('ready-to-show', () => window.show());
  // Closing the window leaves the app in the tray; `quitTidily` closes it for good.
  window.on('close', () => void writeWindowState(stateFile, stateOf(window)).catch(() => {}));
  await window.loadURL(windowUrl);
  return window;
}

interface TrayParts {
  readonly core: Core;
  readonly tasks: Tasks;
  readonly stack: string;
  readonly show: () => void;
}

function keepTray({ core, tasks, stack, show }: TrayParts): void {
  const tray = new Tray(places.icon);
  const acts = {
    open: show,
    start: () => bringUp(core, tasks, stack),
    stop: () => void tasks.start('stop', stack, 'Stopping the stack', async (options) => (await core.open({ stack })).stop([], options)),
    quit: () => app.quit(),
  };
  const menu = async (): Promise<void> => {
    const status = await core.open({ stack }).then(
      (one) => one.status(),
      () => undefined,
    );
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(stack, status, acts)));
  };
  tray.setToolTip('Noodlebox');
  tray.on('click', show);
  // Some desktops show the menu they were last given without asking: it is kept fresh.
  tray.on('mouse-enter', () => void menu());
  tray.on('right-click', () => void menu());
  void menu();
}

function bringUp(core: Core, tasks: Tasks, stack: string): void {
  tasks.start('up', stack, 'Starting the stack', async (options) =>
    (await core.open({ stack })).up([], { seed: true, install: true }, options),
  );
}

/** The window hides to the tray; only quitting ends the app, after the core has ended. */
function quitTidily(window: BrowserWindow, end: () => Promise<void>): void {
  let quitting: 'no' | 'ending' | 'ended' = 'no';
  window.on('close', (event) => {
    if (quitting !== 'no') return;
    event.preventDefault();
    window.hide();
  });
  app.on('before-quit', (event) => {
    if (quitting === 'ended') return;
    event.preventDefault();
    if (quitting === 'ending') return;
    quitting = 'ending';
    window.hide();
    void end().finally(() => {
      quitting = 'ended';
      app.quit();
    });
  });
}
