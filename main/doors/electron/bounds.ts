/** Where the window was, kept between runs and checked against the displays there are now. */
import { readText, writeFileAtomic } from '../../home/files.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState extends Partial<Rectangle> {
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export const smallest = { width: 800, height: 560 };
const usual: WindowState = { width: 1280, height: 840, maximized: false };

/** What was kept, as far as it makes sense: a broken or missing file gives the usual size, in the middle. */
export async function readWindowState(path: string, displays: readonly Rectangle[]): Promise<WindowState> {
  const text = await readText(path).catch(() => undefined);
  return fitted(parsed(text), displays);
}

export async function writeWindowState(path: string, state: WindowState): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(state), 0o600);
}

/** A window whose title bar is on no display could not be moved back: it goes to the middle instead. */
export function fitted(state: WindowState, displays: readonly Rectangle[]): WindowState {
  const { x, y, maximized } = state;
  const display = x === undefined || y === undefined ? undefined : displays.find((one) => holds(one, x, y, state.width));
  const largest = display ?? displays[0];
  const width = within(state.width, smallest.width, largest?.width);
  const height = within(state.height, smallest.height, largest?.height);
  return display ? { x, y, width, height, maximized } : { width, height, maximized };
}

/** At least a hand's breadth of the title bar is on this display. */
function holds(display: Rectangle, x: number, y: number, width: number): boolean {
  const shown = Math.min(x + width, display.x + display.width) - Math.max(x, display.x);
  return shown >= 100 && y >= display.y && y < display.y + display.height - 50;
}

function within(size: number, least: number, most: number | undefined): number {
  return Math.max(least, Math.min(size, most ?? size));
}

function parsed(text: string | undefined): WindowState {
  try {
    const { x, y, width, height, maximized } = JSON.parse(text ?? '') as Partial<Record<keyof WindowState, unknown>>;
    if (!isSize(width) || !isSize(height)) return usual;
    const place = Number.isInteger(x) && Number.isInteger(y) ? { x: x as number, y: y as number } : {};
    return { ...place, width, height, maximized: maximized === true };
  } catch {
    return usual;
  }
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
