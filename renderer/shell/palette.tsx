import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import {
  IconCopy,
  IconLogs,
  IconPlayerPlay,
  IconPlayerStop,
  type IconProps,
  IconRefresh,
  IconSearch,
  IconSeedling,
  IconStack2,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useActions } from '../api/actions.tsx';
import { useSetSettings } from '../api/settings.ts';
import { useStack, useStacks } from '../api/stack.tsx';
import { places } from '../panels/registry.ts';
import { askReset, askSeed } from '../ui/stack-dialogs.tsx';
import css from './shell.module.css';
import { themes } from './theme-switch.tsx';

type Group = { group: string; actions: SpotlightActionData[] };

/** Everything the window can do, by typing. */
export function Palette() {
  const { stack, view } = useStack();
  const stacks = useStacks().data ?? [];
  const actions = useActions();
  const navigate = useNavigate();
  const setSettings = useSetSettings();
  const services = view.kind === 'ready' ? view.status.services : [];

  const entry = (label: string, Icon: ComponentType<IconProps>, onClick: () => void): SpotlightActionData => ({
    id: label,
    label,
    leftSection: <Icon size={16} stroke={1.6} aria-hidden />,
    onClick,
  });
  const groups: Group[] = [
    {
      group: 'Go to',
      actions: [
        ...places.map(({ word, icon, to }) => entry(word, icon, () => void navigate({ to }))),
        ...services.map((each) =>
          entry(`Logs of ${each.name}`, IconLogs, () => void navigate({ to: '/logs', search: { services: [each.name] } })),
        ),
      ],
    },
    {
      group: `Stack ${stack}`,
      actions: [
        entry('Start stack', IconPlayerPlay, () => actions.up()),
        entry('Stop stack', IconPlayerStop, () => actions.stop()),
        entry('Restart stack', IconRefresh, () => actions.restart()),
        entry('Seed…', IconSeedling, () => askSeed(actions)),
        entry('Reset all data…', IconTrash, () => askReset(stack, services, actions)),
      ],
    },
    {
      group: 'Services',
      actions: services.flatMap((each) => [
        entry(`Start ${each.name}`, IconPlayerPlay, () => actions.up([each.name])),
        entry(`Stop ${each.name}`, IconPlayerStop, () => actions.stop([each.name])),
        entry(`Restart ${each.name}`, IconRefresh, () => actions.restart([each.name])),
        entry(`Copy connection string of ${each.name}`, IconCopy, () => actions.copyConnection(each.name)),
      ]),
    },
    {
      group: 'Switch stack',
      actions: stacks
        .filter((each) => each.name !== stack)
        .map((each) => entry(`Stack ${each.name}`, IconStack2, () => setSettings({ stack: each.name }))),
    },
    {
      group: 'Theme',
      actions: themes.map(({ theme, word, icon }) => entry(`Theme: ${word.toLowerCase()}`, icon, () => setSettings({ theme }))),
    },
  ];
  return (
    <Spotlight
      actions={groups.filter((each) => each.actions.length > 0)}
      shortcut="mod + K"
      nothingFound="Nothing by that name"
      highlightQuery
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      classNames={{ action: css.command, actionsGroup: css.commandGroup }}
      scrollable
      maxHeight={420}
      limit={40}
      searchProps={{ leftSection: <IconSearch size={16} aria-hidden />, placeholder: 'Type what to do or where to go' }}
    />
  );
}
