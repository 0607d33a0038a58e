import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheck,
  IconCircleHalf2,
  IconPlugConnectedX,
  type IconProps,
  IconSeedling,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import type { SeedState } from '../../../preload/contract/index.ts';
import { useActions } from '../../api/actions.tsx';
import { api, problemOf } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { useTasks } from '../../api/tasks.tsx';
import { count, plural } from '../../ui/format.ts';
import { ProblemBox, ProblemText } from '../../ui/problem.tsx';
import { ServiceBadge } from '../../ui/service-badge.tsx';
import { askSeed } from '../../ui/stack-dialogs.tsx';
import { useAfter } from '../../ui/use-now.ts';
import css from './overview.module.css';

const looks: Record<SeedState['state'], { icon: ComponentType<IconProps>; word: string; colour: string }> = {
  unreachable: { icon: IconPlugConnectedX, word: 'Not reachable', colour: 'var(--nb-idle)' },
  empty: { icon: IconCircle, word: 'Empty', colour: 'var(--nb-idle)' },
  partial: { icon: IconCircleHalf2, word: 'Partly seeded', colour: 'var(--nb-warn)' },
  seeded: { icon: IconCircleCheck, word: 'Seeded', colour: 'var(--nb-ok)' },
  changed: { icon: IconAlertTriangle, word: 'Migration changed', colour: 'var(--nb-error)' },
};

/** What each store holds and how it got there. */
export function SeedsTable() {
  const { stack, view } = useStack();
  const { current } = useTasks();
  const actions = useActions();
  const working = current?.summary.state === 'running';
  const healthy = view.kind === 'ready' ? view.status.services.filter((each) => each.state === 'healthy').map((each) => each.name) : [];
  const seeds = useQuery({
    queryKey: ['seeds', stack, healthy.join()],
    queryFn: () => api.seeding.state({ stack }),
    // Counting rows costs the servers something: while they are being filled, now and then; else when a task ended.
    refetchInterval: working ? 5000 : false,
    placeholderData: (before) => before,
  });
  return (
    <section className={css.seeds} aria-label="Seeds">
      <div className={css.seedsHead}>
        <h2>Seeds</h2>
        <span className="dim num cut">{seedWords(seeds.data)}</span>
        <div className={css.spring} />
        <Button
          variant="default"
          leftSection={<IconSeedling size={14} aria-hidden />}
          disabled={working || healthy.length === 0}
          onClick={() => askSeed(actions)}
        >
          Seed…
        </Button>
      </div>
      {seeds.error === null ? null : <ProblemBox problem={problemOf(seeds.error)} />}
      {seeds.data === undefined ? (
        seeds.isPending ? (
          <SeedSkeleton />
        ) : null
      ) : (
        <table className={css.table}>
          <thead>
            <tr>
              <th>Store</th>
              <th>State</th>
              <th>Migrations</th>
              <th className={css.right}>Rows</th>
              <th className={css.wideOnly}>Holds</th>
            </tr>
          </thead>
          <tbody>
            {seeds.data.map((each) => (
              <SeedRow key={each.service} seed={each} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function SeedRow({ seed }: { seed: SeedState }) {
  const { icon: Icon, word, colour } = looks[seed.state];
  const rows = seed.counts.reduce((sum, each) => sum + each.rows, 0);
  const known = seed.state !== 'unreachable';
  return (
    <>
      <tr data-testid={`seed-${seed.service}`}>
        <td>
          <span className={css.store}>
            <ServiceBadge kind={seed.kind} small />
            {seed.service}
          </span>
        </td>
        <td>
          <span className={css.seedState} style={{ color: colour }}>
            <Icon size={15} aria-hidden />
            {word}
          </span>
        </td>
        <td className="num">{known ? migrationWords(seed) : '–'}</td>
        <td className={`${css.right} num`}>{known ? count(rows) : '–'}</td>
        <td className={css.wideOnly}>{known ? <Counts seed={seed} /> : <span className={css.seedNote}>{seed.problem?.what}</span>}</td>
      </tr>
      {known && seed.problem !== null ? (
        <tr>
          <td colSpan={5} className={css.seedProblem}>
            <ProblemText problem={seed.problem} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Counts({ seed }: { seed: SeedState }) {
  return (
    <span className={css.counts}>
      {seed.counts.map((each) => (
        <span key={each.name}>
          <span className="mono dim">{each.name}</span> <b className="num">{count(each.rows)}</b>
        </span>
      ))}
    </span>
  );
}

function migrationWords({ migrations }: SeedState): string {
  const applied = migrations.filter((each) => each.state === 'applied').length;
  return `${applied} of ${migrations.length} applied`;
}

function seedWords(seeds: readonly SeedState[] | undefined): string {
  const generated = seeds?.find((each) => each.scale !== null);
  if (seeds === undefined || generated === undefined) return '';
  return `scale ${generated.scale}, seed ${generated.seed}, ${plural(seeds.filter((each) => each.state === 'seeded').length, 'store')} filled`;
}

function SeedSkeleton() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : <div style={{ height: 216 }} />;
}
