import { Button, Select } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ServiceKindName, ServiceStatus } from '../../preload/contract/index.ts';
import { useActions } from '../api/actions.tsx';
import { useStack } from '../api/stack.tsx';
import { EmptyState } from './empty-state.tsx';
import { ProblemBox } from './problem.tsx';
import css from './service-gate.module.css';
import { StateBadge } from './state-badge.tsx';

interface ServiceGateProps {
  kind: ServiceKindName;
  /** The one named in the address; none: the first of the kind. */
  service: string | undefined;
  children: (service: string) => ReactNode;
}

const answering: ReadonlySet<ServiceStatus['state']> = new Set(['healthy', 'unhealthy', 'seeding']);

/**
 * Shows a panel for a service of a kind while that runs, and says what is the matter while it does not.
 * Once shown, a panel stays, under a banner: what a person was typing is not thrown away by a restart.
 */
export function ServiceGate({ kind, service, children }: ServiceGateProps) {
  const { stack, view } = useStack();
  const actions = useActions();
  const [shown, setShown] = useState<string | null>(null);
  if (view.kind === 'loading') return null;
  if (view.kind === 'failed') {
    return (
      <div className={css.aside}>
        <ProblemBox problem={view.problem} />
      </div>
    );
  }
  const ofKind = view.status.services.filter((each) => each.kind === kind);
  const chosen = ofKind.find(({ name }) => name === service) ?? ofKind[0];
  if (chosen === undefined) {
    return (
      <div className={css.aside}>
        <EmptyState icon={IconPlugConnectedX} line={`The stack ${stack} has no service of this kind.`} />
      </div>
    );
  }
  const runs = answering.has(chosen.state);
  const key = `${stack}/${chosen.name}`;
  if (runs && shown !== key) setShown(key);
  const start = (
    <Button onClick={() => actions.up([chosen.name])} disabled={chosen.state !== 'stopped' && chosen.state !== 'exited'}>
      Start {chosen.name}
    </Button>
  );
  if (!runs && shown !== key) {
    return (
      <div className={css.aside}>
        <EmptyState
          icon={IconPlugConnectedX}
          line={`${chosen.name} is ${chosen.state}. ${chosen.reasons.join(' ')}`}
          button={start}
          example={`npx noodlebox up ${chosen.name}`}
        />
      </div>
    );
  }
  return (
    <div className={css.gate}>
      {runs ? null : (
        <div className={css.banner} role="status">
          <StateBadge state={chosen.state} />
          <span className="cut">{chosen.name} does not answer now. What is shown stays; it goes on by itself once it is back.</span>
          {start}
        </div>
      )}
      {ofKind.length > 1 ? <ServiceChoice services={ofKind} chosen={chosen.name} /> : null}
      <div className={css.panel} key={key} data-testid="panel">
        {children(chosen.name)}
      </div>
    </div>
  );
}

function ServiceChoice({ services, chosen }: { services: readonly ServiceStatus[]; chosen: string }) {
  const navigate = useNavigate();
  return (
    <div className={css.choice}>
      <Select
        size="xs"
        aria-label="Service"
        data={services.map(({ name }) => name)}
        value={chosen}
        allowDeselect={false}
        onChange={(name) => void navigate({ to: '.', search: { service: name ?? undefined } as never })}
      />
    </div>
  );
}
