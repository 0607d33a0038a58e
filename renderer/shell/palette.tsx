import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import {
  IconCopy,
  IconLogs,
  IconPlayerPlay,
  IconPlayerStop,
  type IconProps,
  IconRefresh,
  IconRoute,
  IconSearch,
  IconSeedling,
  IconStack2,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ComponentType, useEffect, useState } from 'react';
import type { PanelName, ServiceKindName } from '../../preload/contract/index.ts';
import { useActions } from '../api/actions.tsx';
import { useSetSettings } from '../api/settings.ts';
import { useStack, useStacks } from '../api/stack.tsx';
import { places } from '../panels/registry.ts';
import { ServiceBadge } from '../ui/service-badge.tsx';
import { askReset, askSeed } from '../ui/stack-dialogs.tsx';
import { asId, useFoundNames, useSavedThings } from './palette-names.ts';
import css from './shell.module.css';
import { themes } from './theme-switch.tsx';

type Group = { group: string; actions: SpotlightActionData[] };

/** What the stores have comes after the letters were typed: with nothing chosen yet, Enter then opens the first of it. */
function useFirstChosen(found: readonly unknown[]): void {
  useEffect(() => {
    if (found.length === 0 || document.querySelector('.mantine-Spotlight-action[data-selected]') !== null) return;
    const field = document.querySelector<HTMLInputElement>('.mantine-Spotlight-search input, input.mantine-Spotlight-search');
    field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', code: 'ArrowDown', bubbles: true }));
  }, [found]);
}

function kindOfPanel(panel: PanelName): ServiceKindName {
  return places.find(({ to }) => to === `/${panel}`)!.kind!;
}

/** Everything the window can do, by typing. */
export function Palette() {
  const { stack, view } = useStack();
  const stacks = useStacks().data ?? [];
  const actions = useActions();
  const navigate = useNavigate();
  const setSettings = useSetSettings();
  const services = view.kind === 'ready' ? view.status.services : [];
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const found = useFoundNames(stack, open ? typed : '');
  const saved = useSavedThings(stack, open);
  const id = asId(typed);
  useFirstChosen(found);

  const entry = (label: string, Icon: ComponentType<IconProps>, onClick: () => void): SpotlightActionData => ({
    id: label,
    label,
    leftSection: <Icon size={16} stroke={1.6} aria-hidden />,
    onClick,
  });
  // Another's id and description are looked through too, so that what was found by its name stays in the list.
  const named = (key: string, label: string, description: string, kind: ServiceKindName, onClick: () => void): SpotlightActionData => ({
    id: key,
    label,
    description,
    leftSection: <ServiceBadge kind={kind} small />,
    onClick,
  });
  const groups: Group[] = [
    {
      group: 'In the stores',
      actions: [
        ...(id === null ? [] : [entry(`Trace ${id}`, IconRoute, () => void navigate({ to: '/trace', search: { id } }))]),
        ...found.map(({ kind, what, name, link }) =>
          named(
            `${link.panel}/${link.service}/${what}/${name}`,
            name,
            `${what} of ${link.service}`,
            kind,
            // The search of each panel is checked by its own route.
            () => void navigate({ to: `/${link.panel}`, search: { ...link.search, service: link.service } as never }),
          ),
        ),
      ],
    },
    {
      group: 'Saved',
      actions: saved.map(({ item: { id: item, panel, kind, name }, search }) =>
        named(
          `saved/${panel}/${item}`,
          name,
          `saved ${kind}`,
          kindOfPanel(panel),
          () => void navigate({ to: `/${panel}`, search: search as never }),
        ),
      ),
    },
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
      query={typed}
      onQueryChange={setTyped}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      searchProps={{ leftSection: <IconSearch size={16} aria-hidden />, placeholder: 'Type what to do or where to go' }}
    />
  );
}
