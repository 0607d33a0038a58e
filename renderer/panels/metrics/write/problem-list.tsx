import type { LineProblem } from '../../../../preload/contract/index.ts';
import css from '../metrics.module.css';

/** Wrong lines, each with its number and what is wrong with it. */
export function ProblemList({ problems }: { problems: readonly LineProblem[] }) {
  return (
    <ul className={css.problems}>
      {problems.map(({ line, reason, text }) => (
        <li key={line}>
          <span className="num dim">{line}</span>
          <span>{reason}</span>
          <code className="mono cut dim" title={text}>
            {text}
          </code>
        </li>
      ))}
    </ul>
  );
}
