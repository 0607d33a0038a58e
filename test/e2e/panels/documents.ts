import type { PanelStep } from './step.ts';

export const steps: readonly PanelStep[] = [];
