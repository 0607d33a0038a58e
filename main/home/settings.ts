import { Settings } from '../../preload/contract/models.ts';
import { keepAside, readJson, writeFileAtomic } from './files.ts';

export const defaultSettings: Settings = {
  theme: 'system',
  times: 'local',
  runtime: 'auto',
  stack: 'noodlebox',
  onQuit: 'keep',
  dockerHost: null,
  pulsarTransport: 'auto',
};

/** Settings as read, and what to tell of a file that could not be understood. */
export interface ReadSettings {
  readonly settings: Settings;
  readonly notice: string | undefined;
}

/** Unknown keys are dropped, missing ones take their default; a broken file is kept aside and named. */
export async function readSettings(path: string): Promise<ReadSettings> {
  const file = await readJson(path, (value) => Settings.partial().parse(value));
  switch (file.state) {
    case 'missing':
      return { settings: defaultSettings, notice: undefined };
    case 'read':
      return { settings: { ...defaultSettings, ...file.value }, notice: undefined };
    case 'broken': {
      const aside = await keepAside(path);
      return { settings: defaultSettings, notice: `The settings could not be understood and are kept at ${aside}. Defaults are used. (${file.why})` };
    }
  }
}

export async function writeSettings(path: string, settings: Settings): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(settings, null, 2)}\n`, 0o600);
}
