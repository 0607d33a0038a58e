import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, type IconProps, IconSun } from '@tabler/icons-react';
import { type ComponentType, useEffect } from 'react';
import type { Settings } from '../../preload/contract/index.ts';
import { useSetSettings, useSettings } from '../api/settings.ts';
import css from './shell.module.css';

type Theme = Settings['theme'];

export const themes: { theme: Theme; word: string; icon: ComponentType<IconProps> }[] = [
  { theme: 'light', word: 'Light', icon: IconSun },
  { theme: 'dark', word: 'Dark', icon: IconMoon },
  { theme: 'system', word: 'As the system', icon: IconDeviceDesktop },
];

/** Makes the window follow the setting; Mantine remembers it for the first paint of the next load. */
export function ThemeFollower({ theme }: { theme: Theme }) {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(theme === 'system' ? 'auto' : theme), [theme, setColorScheme]);
  return null;
}

export function ThemeSwitch() {
  const theme = useSettings()?.theme ?? 'system';
  const setSettings = useSetSettings();
  const { icon: Icon } = themes.find((each) => each.theme === theme)!;
  return (
    <Menu position="right-end">
      <Menu.Target>
        <UnstyledButton className={css.railLink} aria-label="Theme">
          <Icon size={17} stroke={1.6} aria-hidden />
          <span className="cut">Theme</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {themes.map((each) => (
          <Menu.Item
            key={each.theme}
            leftSection={<each.icon size={15} aria-hidden />}
            rightSection={each.theme === theme ? <IconCheck size={14} aria-hidden /> : null}
            onClick={() => setSettings({ theme: each.theme })}
          >
            {each.word}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
