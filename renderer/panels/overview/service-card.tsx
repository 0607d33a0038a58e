import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowUpRight,
  IconCopy,
  IconInfoCircle,
  IconLogs,
  IconPlayerPlay,
  IconPlayerStop,
  type IconProps,
  IconRefresh,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import type { ServiceStatus, StatsPoint } from '../../../preload/contract/index.ts';
import { useActions } from '../../api/actions.tsx';
import { pointsKept } from '../../api/series.ts';
import { bytes, cpu, dateTime, elapsed } from '../../ui/format.ts';
import { ServiceBadge } from '../../ui/service-badge.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { hueOf } from '../../ui/theme.ts';
import { useNow } from '../../ui/use-now.ts';
import { places } from '../registry.ts';
import css from './overview.module.css';

export function ServiceCard({ service, points, busy }: { service: ServiceStatus; points: readonly StatsPoint[]; busy: boolean }) {
  const up = service.state !== 'stopped' && service.state !== 'exited';
  return (
    <section className={css.card} data-testid={`service-card-${service.name}`} aria-label={service.name}>
      <div className={css.cardHead}>
        <ServiceBadge kind={service.kind} />
        <span className={css.names}>
          <span className={`${css.name} cut`}>{service.name}</span>
          <span className={`${css.version} num cut`}>{service.version ?? service.image}</span>
        </span>
        <PanelLink service={service} />
      </div>
      <Facts service={service} up={up} />
      <Usage service={service} points={points} up={up} />
      <Remarks service={service} />
      <CardActions service={service} up={up} busy={busy} />
    </section>
  );
}

function PanelLink({ service }: { service: ServiceStatus }) {
  const place = places.find(({ kind }) => kind !== undefined && kind === service.kind);
  if (place === undefined) return null;
  return (
    <Tooltip label={`Open ${service.name} in its panel`}>
      <Link to={place.to} search={{ service: service.name } as never} className={css.logsLink} data-testid="open-panel">
        Open
        <IconArrowUpRight size={14} stroke={1.6} aria-hidden />
      </Link>
    </Tooltip>
  );
}

function Facts({ service, up }: { service: ServiceStatus; up: boolean }) {
  const now = useNow(up && service.startedAt !== null ? 1000 : null);
  const address = service.port === null ? null : `${service.host ?? 'localhost'}:${service.port}`;
  const process = service.pid !== null ? `pid ${service.pid}` : service.container;
  return (
    <>
      <div className={css.stateLine}>
        <StateBadge state={service.state} />
        {up && service.startedAt !== null ? (
          <Tooltip label={`Up since ${dateTime(service.startedAt, 'local')}${process === null ? '' : `, ${process}`}`}>
            <span className={`${css.uptime} num`}>{elapsed(now - service.startedAt)}</span>
          </Tooltip>
        ) : null}
      </div>
      <div className={css.addressLine}>
        <span className="mono cut">{address ?? <span className={css.nothing}>no address</span>}</span>
      </div>
    </>
  );
}

function Usage({ service, points, up }: { service: ServiceStatus; points: readonly StatsPoint[]; up: boolean }) {
  const colour = hueOf(service.kind);
  const shown = up ? points : [];
  return (
    <div className={css.usage}>
      <div className={css.gauge}>
        <span className={css.gaugeWord}>CPU</span>
        <Sparkline
          values={shown.map((each) => each.cpu)}
          room={pointsKept}
          least={0.1}
          colour={colour}
          label={`CPU of ${service.name} of late`}
        />
        <span className={`${css.gaugeValue} num`}>{up && service.cpu !== null ? cpu(service.cpu) : <Nothing />}</span>
      </div>
      <div className={css.gauge}>
        <span className={css.gaugeWord}>Memory</span>
        <Sparkline
          values={shown.map((each) => each.memory)}
          room={pointsKept}
          least={64 * 1024 * 1024}
          colour={colour}
          label={`Memory of ${service.name} of late`}
        />
        <span className={`${css.gaugeValue} num`}>{up && service.memory !== null ? bytes(service.memory) : <Nothing />}</span>
      </div>
    </div>
  );
}

/** Why it is in its state, what it reports, and what a newcomer would trip over. The room of two lines is always kept. */
function Remarks({ service }: { service: ServiceStatus }) {
  const failing = service.state === 'unhealthy' || service.state === 'exited';
  const reports = service.health.filter((each) => each.level !== 'ok').map((each) => each.message);
  const reasons = [...new Set([...service.reasons, ...reports])];
  return (
    <div className={css.remarks}>
      {reasons.map((reason) => (
        <p key={reason} className={failing ? css.reasonError : css.reason} title={reason}>
          {reason}
        </p>
      ))}
      {service.notes.map((note) => (
        <p key={note} className={css.note} title={note}>
          <IconInfoCircle size={13} aria-hidden />
          <span>{note}</span>
        </p>
      ))}
    </div>
  );
}

function CardActions({ service, up, busy }: { service: ServiceStatus; up: boolean; busy: boolean }) {
  const actions = useActions();
  const { name } = service;
  return (
    <div className={css.cardActions}>
      <Act
        testid="start"
        word={`Start ${name}`}
        icon={IconPlayerPlay}
        disabled={busy || service.state === 'healthy'}
        onClick={() => actions.up([name])}
      />
      <Act testid="stop" word={`Stop ${name}`} icon={IconPlayerStop} disabled={busy || !up} onClick={() => actions.stop([name])} />
      <Act testid="restart" word={`Restart ${name}`} icon={IconRefresh} disabled={busy || !up} onClick={() => actions.restart([name])} />
      <Act
        testid="copy-connection"
        word="Copy connection string"
        icon={IconCopy}
        disabled={service.url === null}
        onClick={() => actions.copyConnection(name)}
      />
      <Tooltip label={`Logs of ${name}`}>
        <Link to="/logs" search={{ services: [name] }} className={css.logsLink} aria-label={`Logs of ${name}`}>
          <IconLogs size={16} stroke={1.6} aria-hidden />
        </Link>
      </Tooltip>
    </div>
  );
}

interface ActProps {
  testid: string;
  word: string;
  icon: ComponentType<IconProps>;
  disabled: boolean;
  onClick: () => void;
}

function Act({ testid, word, icon: Icon, disabled, onClick }: ActProps) {
  return (
    <Tooltip label={word}>
      <ActionIcon data-testid={testid} aria-label={word} disabled={disabled} onClick={onClick}>
        <Icon size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

function Nothing() {
  return <span className={css.nothing}>–</span>;
}
