import { useLocalStorage } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useSettings } from '../api/settings.ts';
import { StackProvider } from '../api/stack.tsx';
import { TasksProvider } from '../api/tasks.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { CorePresence } from './core-presence.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import css from './shell.module.css';
import { ShortcutKeys } from './shortcuts.tsx';
import { ThemeFollower } from './theme-switch.tsx';
import { TopBar } from './top-bar.tsx';

/** The frame around every panel. Which stack is at hand is a setting, so that every window and the next start agree. */
export function Shell() {
  const settings = useSettings();
  const [narrow, setNarrow] = useLocalStorage({ key: 'noodlebox-rail-narrow', defaultValue: false });
  return (
    <CorePresence>
      {settings === undefined ? null : (
        <StackProvider stack={settings.stack}>
          <TasksProvider>
            <ThemeFollower theme={settings.theme} />
            <div className={css.frame} data-narrow={narrow || undefined}>
              <Rail narrow={narrow} onNarrow={setNarrow} />
              <TopBar />
              <main className={css.main}>
                <Outlet />
              </main>
              <BottomBar />
            </div>
            <Palette />
            <ShortcutKeys />
          </TasksProvider>
        </StackProvider>
      )}
    </CorePresence>
  );
}
