import type { MenuItemConstructorOptions } from 'electron';
import type { ServiceState, StackStatus } from '../../../preload/contract/models.ts';

export interface TrayActs {
  open(): void;
  start(): void;
  stop(): void;
  quit(): void;
}

/** The tray's menu: how the stack is, and what can be done without the window. */
export function trayMenu(stack: string, status: StackStatus | undefined, acts: TrayActs): MenuItemConstructorOptions[] {
  const overall: ServiceState = status?.overall ?? 'stopped';
  return [
    { label: `${stack}: ${overall}`, enabled: false },
    { type: 'separator' },
    { label: 'Open Noodlebox', click: acts.open },
    { label: 'Start the stack', click: acts.start, enabled: overall !== 'healthy' },
    { label: 'Stop the stack', click: acts.stop, enabled: overall !== 'stopped' },
    { type: 'separator' },
    { label: 'Quit', click: acts.quit },
  ];
}
