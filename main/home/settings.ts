import type { Settings } from '../../preload/contract/models.ts';
import { keepAside, readText, writeFileAtomic } from './files.ts';

export const defaultSettings: Settings = {
  theme: 'system',
  times: 'local',
  runtime: 'auto',
  stack: 'noodlebox',
  onQuit: 'keep',
  dockerHost: null,
  pulsarTransport: 'auto',
  layout: {},
};

/** Settings as read, and what to tell of a file that could not be understood. */
export interface ReadSettings {
  readonly settings: Settings;
  readonly notice: string | undefined;
}

/** Unknown keys are dropped, missing ones take their default; a broken file is kept aside and named. */
export async function readSettings(path: string): Promise<ReadSettings> {
  const text = await readText(path);
  if (text === undefined) return { settings: defaultSettings, notice: undefined };
  // The schema library is loaded only where there is something to check: most CLI calls go without.
  const { Settings } = await import('../../preload/contract/models.ts');
  try {
    return { settings: { ...defaultSettings, ...Settings.partial().parse(JSON.parse(text)) }, notice: undefined };
  } catch (error) {
    const aside = await keepAside(path);
    return {
      settings: defaultSettings,
      notice: `The settings could not be understood and are kept at ${aside}. Defaults are used. (${(error as Error).message})`,
    };
  }
}

export async function writeSettings(path: string, settings: Settings): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(settings, null, 2)}\n`, 0o600);
}
