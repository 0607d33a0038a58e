import { ActionIcon, Kbd, Tooltip, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconBrandDocker, IconCpu, IconKeyboard, IconSearch } from '@tabler/icons-react';
import type { RuntimeInfo } from '../../preload/contract/index.ts';
import { useStack } from '../api/stack.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { modKey } from './keys.ts';
import css from './shell.module.css';
import { shortcutSheet } from './shortcuts.tsx';

export function TopBar() {
  const { view } = useStack();
  return (
    <header className={css.top}>
      <UnstyledButton className={css.paletteTrigger} onClick={spotlight.open} aria-label="Open the command palette">
        <IconSearch size={14} aria-hidden />
        <span className="cut">Search or run a command</span>
        <Kbd>{modKey} K</Kbd>
      </UnstyledButton>
      <div className={css.spring} />
      {view.kind === 'ready' ? (
        <>
          <RuntimeBadge runtime={view.status.runtime} />
          <Tooltip label="The worst state of all services">
            <span className={css.overall}>
              <StateBadge state={view.status.overall} />
            </span>
          </Tooltip>
        </>
      ) : null}
      <Tooltip label="Keyboard shortcuts (?)">
        <ActionIcon aria-label="Keyboard shortcuts" onClick={shortcutSheet.open}>
          <IconKeyboard size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

function RuntimeBadge({ runtime }: { runtime: RuntimeInfo }) {
  const Icon = runtime.kind === 'docker' ? IconBrandDocker : IconCpu;
  return (
    <Tooltip label={`${runtime.endpoint}${runtime.remote ? ' (another machine)' : ''}`}>
      <span className={css.runtime}>
        <Icon size={15} stroke={1.6} aria-hidden />
        <span className="cut">{runtime.title}</span>
      </span>
    </Tooltip>
  );
}
