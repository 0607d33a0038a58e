import { Kbd } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { useNavigate } from '@tanstack/react-router';
import { places } from '../panels/registry.ts';
import { modKey } from './keys.ts';
import css from './shell.module.css';

const shortcuts: { what: string; keys: string[] }[] = [
  { what: 'Search or run a command', keys: [modKey, 'K'] },
  { what: 'This list', keys: ['?'] },
  ...places.map(({ word, key }) => ({ what: word, keys: [key] })),
  { what: 'To the filter of the panel', keys: ['/'] },
  { what: 'Logs: follow new lines', keys: ['F'] },
  { what: 'Logs: move through lines', keys: ['↑', '↓', 'PgUp', 'PgDn', 'Home', 'End'] },
  { what: 'Logs: copy the selected line', keys: [modKey, 'C'] },
  { what: 'Close what is open', keys: ['Esc'] },
];

export const shortcutSheet = {
  open(): void {
    modals.open({ modalId: 'shortcuts', title: 'Keyboard shortcuts', children: <ShortcutSheet /> });
  },
};

function ShortcutSheet() {
  return (
    <div>
      {shortcuts.map(({ what, keys }) => (
        <div key={what} className={css.shortcut}>
          <span>{what}</span>
          <span className={css.shortcutKeys}>
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}

/** The keys that work everywhere but in a text field. */
export function ShortcutKeys() {
  const navigate = useNavigate();
  useHotkeys([
    ['shift+?', shortcutSheet.open],
    ['?', shortcutSheet.open],
    ...places.map(({ to, key }): [string, () => void] => [key, () => void navigate({ to })]),
  ]);
  return null;
}
