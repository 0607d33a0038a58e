import { IconAlertTriangle, IconCircleCheck, IconClockExclamation, IconPlugConnectedX } from '@tabler/icons-react';
import type { SubscriptionHealth } from '../../../../preload/contract/index.ts';
import css from '../topics.module.css';

const icons = { fine: IconCircleCheck, behind: IconClockExclamation, stuck: IconAlertTriangle, unattended: IconPlugConnectedX } as const;

/** Icon, word and colour: never colour alone. */
export function HealthMark({ health }: { health: SubscriptionHealth }) {
  const Icon = icons[health];
  return (
    <span className={css.health} data-health={health}>
      <Icon size={14} stroke={1.75} aria-hidden />
      {health}
    </span>
  );
}
