import type { ProblemData } from '../../../../preload/contract/index.ts';
import css from '../topics.module.css';

/** What is wrong with a filter, and where. */
export function FilterProblem({ problem, text }: { problem: ProblemData; text: string }) {
  const { offset, length } = problem.at ?? { offset: 0, length: text.length };
  return (
    <div className={css.wrong} role="alert">
      {problem.why ?? problem.what}{' '}
      <code>
        {text.slice(0, offset)}
        <mark>{text.slice(offset, offset + length)}</mark>
        {text.slice(offset + length)}
      </code>
    </div>
  );
}
