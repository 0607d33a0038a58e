import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheck,
  IconCircleX,
  IconDownload,
  IconLoader2,
  IconPlayerStop,
  type IconProps,
  IconSeedling,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ServiceState } from '../../preload/contract/index.ts';
import css from './state-badge.module.css';

type Tone = 'ok' | 'busy' | 'warn' | 'error' | 'idle';

const looks: Record<ServiceState, { tone: Tone; icon: ComponentType<IconProps>; turns?: true }> = {
  stopped: { tone: 'idle', icon: IconCircle },
  pulling: { tone: 'busy', icon: IconDownload },
  creating: { tone: 'busy', icon: IconLoader2, turns: true },
  starting: { tone: 'busy', icon: IconLoader2, turns: true },
  seeding: { tone: 'busy', icon: IconSeedling },
  healthy: { tone: 'ok', icon: IconCircleCheck },
  unhealthy: { tone: 'error', icon: IconAlertTriangle },
  stopping: { tone: 'warn', icon: IconPlayerStop },
  exited: { tone: 'error', icon: IconCircleX },
};

/** A state as icon, word and colour; the word is the state's own name. */
export function StateBadge({ state }: { state: ServiceState }) {
  const { tone, icon: Icon, turns } = looks[state];
  return (
    <span className={css.badge} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden className={turns ? css.turns : undefined} />
      <span className={css.word} data-testid="state" data-state={state}>
        {state}
      </span>
    </span>
  );
}
