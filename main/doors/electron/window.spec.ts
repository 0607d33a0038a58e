import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Shelf } from '../../home/shelf.ts';
import { SpoolFolder } from '../../home/spool-folder.ts';
import { serveFiles } from './files.ts';
import { trayMenu } from './tray.ts';
import { type Contents, shutIn, windowOptions } from './window.ts';

describe('the window', () => {
  test('has a page without Node, in a sandbox, apart from its preload', () => {
    expect(windowOptions({ width: 1, height: 1, maximized: false }, 'preload.cjs', 'icon.png').webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      preload: 'preload.cjs',
    });
  });

  test('stays on its page', () => {
    const page = fakeContents();
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      expect(page.prevented(event, 'https://evil.example/'), event).toBe(true);
      expect(page.prevented(event, 'app://noodlebox/logs'), event).toBe(false);
    }
    expect(page.prevented('will-attach-webview', '')).toBe(true);
  });

  test('opens no second window; a trusted link goes to the browser', () => {
    const page = fakeContents();
    expect(page.open('https://www.postgresql.org/docs/')).toEqual({ action: 'deny' });
    expect(page.open('https://evil.example/')).toEqual({ action: 'deny' });
    expect(page.openedOutside).toEqual(['https://www.postgresql.org/docs/']);
  });

  test('may write the clipboard and nothing else', () => {
    const page = fakeContents();
    expect(page.granted('clipboard-sanitized-write')).toBe(true);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fullscreen'])
      expect(page.granted(permission), permission).toBe(false);
  });
});

describe("the window's files", () => {
  let folder: string;
  let serve: Awaited<ReturnType<typeof serveFiles>>;
  const spool = () => new SpoolFolder(join(folder, 'spool'));
  const get = (url: string, method = 'GET') => serve({ url, method, body: null });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-files-'));
    await mkdir(join(folder, 'window', 'assets'), { recursive: true });
    await writeFile(join(folder, 'window', 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'window', 'assets', 'app.js'), '1');
    await writeFile(join(folder, 'secret.js'), 'secret');
    serve = await serveFiles(join(folder, 'window'), new Shelf(spool()));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are served with a policy that lets no script in from elsewhere', async () => {
    const page = await get('app://noodlebox/');
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain("script-src 'unsafe-inline'");
    expect((await get('app://noodlebox/assets/app.js')).headers.get('content-type')).toContain('javascript');
  });

  test('it sends and fetches files beside its page, as over the web door', async () => {
    const sent = await serve({ url: 'app://noodlebox/files?name=a.txt', method: 'POST', body: new Response('hello').body });
    const { id } = (await sent.json()) as { id: string };
    const fetched = await get(`app://noodlebox/files/${id}`);
    expect(await fetched.text()).toBe('hello');
    expect(fetched.headers.get('content-disposition')).toContain('a.txt');
    expect((await get('app://noodlebox/files/../secret.js')).status).not.toBe(200);
  });

  test("the window's own routes are all its page", async () => {
    expect(await (await get('app://noodlebox/logs/redis')).text()).toBe('<!doctype html>');
  });

  test.each([
    'app://noodlebox/../secret.js',
    'app://noodlebox/%2e%2e/secret.js',
    'app://noodlebox/..%2fsecret.js',
    'app://noodlebox/assets/..%5c..%5c..%5csecret.js',
  ])('nothing outside their folder is reached by %s', async (url) => expect((await get(url)).status).toBe(404));

  test('another host or method is refused', async () => {
    expect((await get('app://other/')).status).toBe(403);
    expect((await get('app://noodlebox/', 'POST')).status).toBe(403);
  });
});

describe('the tray', () => {
  const acts = { open: () => {}, start: () => {}, stop: () => {}, quit: () => {} };
  const enabled = (overall: 'healthy' | 'stopped' | 'exited') => {
    const status = {
      stack: 'shop',
      overall,
      services: [],
      runtime: { kind: 'docker' as const, title: '', endpoint: '', version: '', remote: false },
    };
    return trayMenu('shop', status, acts)
      .filter((item) => item.click && item.enabled !== false)
      .map((item) => item.label);
  };

  test('offers what can be done as the stack is', () => {
    expect(enabled('healthy')).toEqual(['Open Noodlebox', 'Stop the stack', 'Quit']);
    expect(enabled('stopped')).toEqual(['Open Noodlebox', 'Start the stack', 'Quit']);
    expect(enabled('exited')).toEqual(['Open Noodlebox', 'Start the stack', 'Stop the stack', 'Quit']);
  });
});

type Listener = (...given: never[]) => unknown;

/** What `shutIn` calls of Electron, kept to be asked. */
function fakeContents() {
  const listeners = new Map<string, Listener>();
  const openedOutside: string[] = [];
  const kept: { open?: Listener; ask?: Listener; check?: Listener } = {};
  const contents = {
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    setWindowOpenHandler: (handler: Listener) => {
      kept.open = handler;
    },
    session: {
      setPermissionRequestHandler: (handler: Listener) => {
        kept.ask = handler;
      },
      setPermissionCheckHandler: (handler: Listener) => {
        kept.check = handler;
      },
    },
  };
  shutIn(contents as unknown as Contents, (url) => openedOutside.push(url));
  return {
    openedOutside,
    prevented(event: string, url: string): boolean {
      let prevented = false;
      const listener = listeners.get(event) as ((event: { url: string; preventDefault(): void }) => void) | undefined;
      listener?.({
        url,
        preventDefault: () => {
          prevented = true;
        },
      });
      return prevented;
    },
    open: (url: string) => (kept.open as (details: { url: string }) => unknown)({ url }),
    granted(permission: string): boolean {
      let answer = false;
      (kept.ask as (contents: null, permission: string, tell: (granted: boolean) => void) => void)(null, permission, (granted) => {
        answer = granted;
      });
      return answer && (kept.check as (contents: null, permission: string) => boolean)(null, permission);
    },
  };
}
