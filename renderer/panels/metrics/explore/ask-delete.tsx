import type { MetricRange, PointChoice, TaskSummary } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { dateTime, plural } from '../../../ui/format.ts';

/** Counts the points first; says what the server will be asked, then asks it. */
export function askDelete(
  input: { stack: string; service: string },
  choice: PointChoice,
  range: MetricRange,
  onBegun: (task: TaskSummary) => void,
): void {
  const run = async () => {
    const plan = await api.metrics.points.planDelete({ ...input, choice, range });
    askLoss({
      title: 'Delete points',
      intro:
        plan.points === 0
          ? 'There are no points with these tags in this range.'
          : 'Points are deleted with all of their fields. It takes the server about a millisecond a point, and cannot be undone.',
      losses: [
        `${plural(plan.points, 'point')} of ${plural(plan.series, 'series', 'series')} in ${choice.measurement}, bucket ${choice.bucket}`,
        `from ${dateTime(plan.start, 'utc')} to ${dateTime(plan.stop, 'utc')}`,
      ],
      statements: plan.predicates.join('\n'),
      button: `Delete ${plural(plan.points, 'point')}`,
      act: async () => {
        // Exactly what was counted: a range that follows the time would have moved on.
        onBegun(await api.metrics.points.delete({ ...input, choice, range: { start: plan.start, stop: plan.stop } }));
      },
    });
  };
  run().catch(tell);
}
