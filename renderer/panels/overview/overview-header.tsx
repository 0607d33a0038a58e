import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDotsVertical, IconPlayerPlay, IconPlayerStop, IconRefresh, IconSeedling, IconStackPop, IconTrash } from '@tabler/icons-react';
import type { ServiceStatus } from '../../../preload/contract/index.ts';
import { useActions } from '../../api/actions.tsx';
import { useStack } from '../../api/stack.tsx';
import { askDown, askReset, askSeed } from '../../ui/stack-dialogs.tsx';
import css from './overview.module.css';

export function OverviewHeader({ services, working }: { services: ServiceStatus[]; working: boolean }) {
  const { stack } = useStack();
  const actions = useActions();
  const healthy = services.filter((each) => each.state === 'healthy').length;
  const running = services.some((each) => each.state !== 'stopped' && each.state !== 'exited');
  return (
    <div className={css.header}>
      <h1 className={css.title}>Overview</h1>
      <span className="dim num">{services.length === 0 ? '' : `${healthy} of ${services.length} healthy`}</span>
      <div className={css.spring} />
      <Button
        data-testid="start-stack"
        variant={running || services.length === 0 ? 'filled' : 'default'}
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        disabled={working || (services.length > 0 && healthy === services.length)}
        onClick={() => actions.up()}
      >
        Start stack
      </Button>
      <Button
        data-testid="stop-stack"
        variant="default"
        leftSection={<IconPlayerStop size={14} aria-hidden />}
        disabled={working || !running}
        onClick={() => actions.stop()}
      >
        Stop stack
      </Button>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label="More for this stack">
            <IconDotsVertical size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRefresh size={15} aria-hidden />} disabled={working || !running} onClick={() => actions.restart()}>
            Restart all
          </Menu.Item>
          <Menu.Item leftSection={<IconSeedling size={15} aria-hidden />} disabled={working || !running} onClick={() => askSeed(actions)}>
            Seed…
          </Menu.Item>
          <Menu.Item leftSection={<IconStackPop size={15} aria-hidden />} disabled={working} onClick={() => askDown(stack, actions)}>
            Take down…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} aria-hidden />}
            disabled={working || services.length === 0}
            onClick={() => askReset(stack, services, actions)}
          >
            Reset all data…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
