/** The one window: shut in, and kept where it was. */
import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { mayNavigate, mayOpenOutside } from './addresses.ts';
import { smallest, type WindowState } from './bounds.ts';

/** The page gets nothing of Node or Electron but what the preload hands it. */
export function windowOptions(state: WindowState, preload: string, icon: string): BrowserWindowConstructorOptions {
  const { maximized: _, ...bounds } = state;
  return {
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Noodlebox',
    icon,
    show: false,
    backgroundColor: '#16181d',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  };
}

/** What of a page's contents `shutIn` needs. */
export type Contents = Pick<WebContents, 'on' | 'setWindowOpenHandler'> & {
  readonly session: Pick<WebContents['session'], 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>;
};

/** The page stays what it is: no other page, no new window, no frame, no permission but writing the clipboard. */
export function shutIn(contents: Contents, openOutside: (url: string) => void): void {
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (!mayNavigate(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event) => stay(event, event.url));
  contents.on('will-redirect', (event) => stay(event, event.url));
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) openOutside(url);
    return { action: 'deny' };
  });
  contents.session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'clipboard-sanitized-write'));
  contents.session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
}

/** Where a window is now, for the next run. */
export function stateOf(window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized'>): WindowState {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}
