import { IconAlertTriangle, IconFlame } from '@tabler/icons-react';
import { type KeyboardEvent, useRef } from 'react';
import { count, duration } from '../../../ui/format.ts';
import css from '../sql.module.css';
import { misjudgedWords, type Plan, type PlanNode } from './plan.ts';

interface PlanTreeProps {
  plan: Plan;
  selected: number;
  onSelect: (id: number) => void;
}

/** From this share of the whole on, a node is where the time goes. */
const hot = 0.25;

/** Each node on a line: what it does, its own time as a bar, its rows against the estimate, its blocks. */
export function PlanTree({ plan, selected, onSelect }: PlanTreeProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(plan.nodes.length - 1, selected + step));
    onSelect(next);
    body.current?.querySelector<HTMLElement>(`[data-node="${next}"]`)?.focus();
  };
  return (
    <div className={css.planTree}>
      <table aria-label="Plan" data-testid="sql-plan">
        <thead>
          <tr>
            <th>Node</th>
            <th className={css.right}>{plan.measured ? 'Own time' : 'Own cost'}</th>
            <th className={css.right}>Rows</th>
            <th className={css.right}>{plan.measured ? 'Expected' : ''}</th>
            <th className={css.right}>Blocks read</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {plan.nodes.map((node) => (
            <PlanLine
              key={node.id}
              node={node}
              measured={plan.measured}
              selected={node.id === selected}
              onSelect={onSelect}
              onKeyDown={onKeyDown}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PlanLineProps {
  node: PlanNode;
  measured: boolean;
  selected: boolean;
  onSelect: (id: number) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function PlanLine({ node, measured, selected, onSelect, onKeyDown }: PlanLineProps) {
  const wrong = measured ? misjudgedWords(node.misjudged) : null;
  const isHot = node.share >= hot;
  return (
    <tr className={css.planLine} data-selected={selected || undefined} data-never={node.never || undefined}>
      <td>
        <button
          type="button"
          className={css.planName}
          style={{ paddingLeft: 8 + node.depth * 16 }}
          data-node={node.id}
          tabIndex={selected ? 0 : -1}
          aria-pressed={selected}
          onClick={() => onSelect(node.id)}
          onKeyDown={onKeyDown}
        >
          {node.role ? <span className={css.badge}>{node.role}</span> : null}
          <b>{node.type}</b>
          <span className="dim cut">{node.target}</span>
        </button>
      </td>
      <td className={`${css.planTime} num`} data-hot={isHot || undefined}>
        <span className={css.planBar} style={{ width: `${Math.round(node.share * 100)}%` }} />
        <span className={css.planFigure}>
          {isHot ? <IconFlame size={13} stroke={1.75} aria-label="Most goes here" /> : null}
          {measured ? (node.never ? 'never run' : precise(node.own ?? 0)) : `${Math.round(node.share * 100)} %`}
        </span>
      </td>
      <td className={`${css.right} num`}>{count(Math.round(measured ? (node.rows ?? 0) * node.loops : (node.planRows ?? 0)))}</td>
      <td className={`${css.right} num`} data-wrong={wrong !== null || undefined} title={wrong ?? undefined}>
        {measured && node.planRows !== null ? (
          <span className={css.planFigure}>
            {wrong ? <IconAlertTriangle size={13} stroke={1.75} aria-label={wrong} /> : null}
            {count(node.planRows * Math.max(node.loops, 1))}
          </span>
        ) : null}
      </td>
      <td className={`${css.right} num`}>{node.ownBuffers ? count(node.ownBuffers.read + node.ownBuffers.temp) : ''}</td>
    </tr>
  );
}

/** Below a tenth of a second every digit counts. */
function precise(ms: number): string {
  return ms < 100 ? `${ms.toFixed(ms < 10 ? 2 : 1)} ms` : duration(ms);
}
