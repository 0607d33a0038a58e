import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { bytes, count, duration } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../sql.module.css';
import { parsePlan } from './parse-plan.ts';
import type { Plan } from './plan.ts';
import { PlanNodeFacts } from './plan-node-facts.tsx';
import { PlanTree } from './plan-tree.tsx';

type Read = { plan: Plan } | { failure: string };

/** A plan as a tree: where the time goes, and where the planner was wrong. */
export function PlanView({ text, onClose }: { text: string; onClose?: () => void }) {
  const read = useMemo((): Read => {
    try {
      return { plan: parsePlan(text) };
    } catch (error) {
      return { failure: (error as Error).message };
    }
  }, [text]);
  const [selected, setSelected] = useState<number | null>(null);
  if ('failure' in read) {
    return (
      <div className={css.aside}>
        <ProblemBox problem={{ code: 'bad-argument', what: read.failure }} />
      </div>
    );
  }
  const { plan } = read;
  const slowest = plan.nodes.reduce((most, node) => (node.share > most.share ? node : most));
  const chosen = plan.nodes[selected ?? slowest.id] ?? plan.root;
  return (
    <div className={css.column}>
      <Toolbar label="Plan">
        <b>Plan</b>
        {plan.execution === null ? null : <span className="num">{duration(plan.execution)}</span>}
        {plan.planning === null ? null : <span className="dim num">planned in {duration(plan.planning)}</span>}
        {plan.measured ? null : <span className="dim">not run: bars show shares of the estimated cost</span>}
        {plan.measured && plan.root.buffers ? (
          <span className="dim num">
            {count(plan.root.buffers.hit)} blocks from cache, {count(plan.root.buffers.read)} read ({bytes(plan.root.buffers.read * 8192)})
          </span>
        ) : null}
        <Spring />
        <CopyButton text={text} label="Copy the plan" />
        {onClose ? (
          <ActionIcon aria-label="Close the plan" onClick={onClose}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        ) : null}
      </Toolbar>
      <div className={css.planBox}>
        <PlanTree plan={plan} selected={chosen.id} onSelect={setSelected} />
        <PlanNodeFacts node={chosen} measured={plan.measured} />
      </div>
    </div>
  );
}
