import type { Page } from 'playwright-core';
import type { StackBed } from '../../lab/stack-bed.ts';

/** One task of a person in a panel: what it is called, and how it is done by clicks and keys. */
export interface PanelStep {
  /** A sentence about what happens. */
  readonly name: string;
  act(window: PanelWindow): Promise<void>;
}

export interface PanelWindow {
  readonly page: Page;
  /** The window's origin, with no path: steps go to their panel by themselves. */
  readonly origin: string;
  /** The stack behind the window, seeded at scale 1; to look at what a click has done. */
  readonly bed: StackBed;
}
