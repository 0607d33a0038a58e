import { Button } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useActions } from '../../api/actions.tsx';
import { useStack } from '../../api/stack.tsx';
import { useTasks } from '../../api/tasks.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { useAfter } from '../../ui/use-now.ts';
import css from './overview.module.css';
import { OverviewHeader } from './overview-header.tsx';
import { PlanProgress } from './plan-progress.tsx';
import { SeedsTable } from './seeds-table.tsx';
import { ServiceCard } from './service-card.tsx';

/** The stack at a glance: what runs, what is being done about it, and what it holds. */
export function OverviewPanel() {
  const { stack, view } = useStack();
  const { current } = useTasks();
  const actions = useActions();
  const services = view.kind === 'ready' ? view.status.services : [];
  const working = current?.summary.state === 'running';
  const nothingRuns = view.kind === 'ready' && services.every((each) => each.state === 'stopped');

  return (
    <div className={css.panel}>
      <OverviewHeader services={services} working={working} />
      {current === null ? null : <PlanProgress key={current.summary.id} summary={current.summary} view={current.view} />}
      {view.kind === 'failed' ? <ProblemBox problem={view.problem} /> : null}
      {view.kind === 'loading' ? <CardSkeletons /> : null}
      {nothingRuns && !working ? (
        <EmptyState
          icon={IconStack2}
          line={`Nothing of ${stack} runs. Starting it brings up its ${services.length} services and fills them with seeds.`}
          button={<Button onClick={() => actions.up()}>Start the stack</Button>}
          example={stack === 'noodlebox' ? 'npx noodlebox up' : `npx noodlebox up --stack ${stack}`}
        />
      ) : null}
      {view.kind === 'ready' ? (
        <div className={css.cards}>
          {services.map((service) => (
            <ServiceCard key={service.name} service={service} points={view.series[service.name] ?? []} busy={working} />
          ))}
        </div>
      ) : null}
      {view.kind === 'ready' && !nothingRuns ? <SeedsTable /> : null}
    </div>
  );
}

function CardSkeletons() {
  const late = useAfter(200);
  return (
    <div className={css.cards} aria-busy>
      {late ? ['a', 'b', 'c', 'd', 'e'].map((each) => <div key={each} className={css.skeleton} />) : null}
    </div>
  );
}
