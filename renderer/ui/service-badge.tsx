import css from './service-badge.module.css';
import { hueOf } from './theme.ts';

const letters: Record<string, string> = { postgres: 'Pg', redis: 'Re', pulsar: 'Pu', mongodb: 'Mo', influxdb: 'In' };

/** A service's mark in its own hue. */
export function ServiceBadge({ kind, small = false }: { kind: string | null; small?: boolean }) {
  return (
    <span className={css.badge} data-small={small || undefined} style={{ '--hue': hueOf(kind) }} aria-hidden>
      {letters[kind ?? ''] ?? '··'}
    </span>
  );
}
