import { Facts } from '../../../ui/facts.tsx';
import { bytes, count, duration } from '../../../ui/format.ts';
import css from '../sql.module.css';
import { type Buffers, misjudgedWords, type PlanNode } from './plan.ts';

/** All that is known of one node, with what is worth a thought said in words. */
export function PlanNodeFacts({ node, measured }: { node: PlanNode; measured: boolean }) {
  const wrong = misjudgedWords(node.misjudged);
  return (
    <div className={css.planFacts}>
      <h3>
        {node.type} <span className="dim">{node.target}</span>
      </h3>
      {wrong ? (
        <p className={css.warn}>
          {wrong}. The planner chose this plan for other numbers: ANALYZE the table, or look for columns whose values depend on each other.
        </p>
      ) : null}
      <Facts
        rows={[
          ['Own time', measured && node.own !== null ? `${duration(node.own)}, ${Math.round(node.share * 100)} % of all` : null],
          ['With inputs', node.inclusive === null ? null : duration(node.inclusive)],
          ['Loops', measured ? count(node.loops) : null],
          ['Rows', node.rows === null ? null : `${count(node.rows)} a loop, ${count(node.planRows ?? 0)} expected`],
          ['Rows expected', node.rows === null && node.planRows !== null ? count(node.planRows) : null],
          ['Cost', node.cost === null ? null : count(Math.round(node.cost))],
          ['Blocks', node.ownBuffers ? blocks(node.ownBuffers) : null],
          ...node.details.map(
            ([name, value]) =>
              [
                name,
                <span key={name} className={css.fixed}>
                  {value}
                </span>,
              ] as const,
          ),
        ]}
      />
    </div>
  );
}

function blocks({ hit, read, dirtied, written, temp }: Buffers): string {
  const parts = [
    `${count(hit)} from cache`,
    read > 0 ? `${count(read)} read (${bytes(read * 8192)})` : '',
    dirtied > 0 ? `${count(dirtied)} dirtied` : '',
    written > 0 ? `${count(written)} written` : '',
    temp > 0 ? `${count(temp)} of temporary files: work_mem was too small` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
