import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fitted, readWindowState, writeWindowState } from './bounds.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };

describe('a window from the last run', () => {
  test('comes back where it was, on any display that is there', () => {
    const state = { x: 2000, y: 100, width: 1000, height: 700, maximized: false };
    expect(fitted(state, [display, second])).toEqual(state);
  });

  test('goes to the middle when its display is gone', () => {
    expect(fitted({ x: 2000, y: 100, width: 1000, height: 700, maximized: true }, [display])).toEqual({
      width: 1000,
      height: 700,
      maximized: true,
    });
  });

  test('goes to the middle when its title bar would be above the display', () => {
    expect(fitted({ x: 10, y: -400, width: 1000, height: 700, maximized: false }, [display])).toEqual({
      width: 1000,
      height: 700,
      maximized: false,
    });
  });

  test('is cut to the display, and never smaller than it can be used', () => {
    expect(fitted({ x: 0, y: 0, width: 9000, height: 9000, maximized: false }, [display])).toMatchObject({ width: 1920, height: 1080 });
    expect(fitted({ x: 0, y: 0, width: 1, height: 1, maximized: false }, [display])).toMatchObject({ width: 800, height: 560 });
  });
});

describe("the window's file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-bounds-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is read as it was written', async () => {
    const path = join(folder, 'window.json');
    const state = { x: 5, y: 6, width: 900, height: 600, maximized: true };
    await writeWindowState(path, state);
    expect(await readWindowState(path, [display])).toEqual(state);
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"width":-1,"height":10}',
    '{"width":"900","height":600}',
  ])('that holds %j gives the usual size', async (text) => {
    const path = join(folder, 'window.json');
    await writeFile(path, text);
    expect(await readWindowState(path, [display])).toEqual({ width: 1280, height: 840, maximized: false });
  });
});
