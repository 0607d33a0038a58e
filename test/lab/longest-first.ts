/** The order in which test files are run: those that take minutes first, so that none of them is alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds, on two cores. What is not here takes less. */
const long: Readonly<Record<string, number>> = {
  'e2e/window': 370,
  'integration/pitr': 200,
  'scenarios/rewind': 160,
  'integration/snapshots': 150,
  'integration/dumps': 150,
  'integration/bundles': 140,
  'integration/branches': 120,
  'integration/dumps-bad-days': 100,
  'integration/hot-snapshots': 90,
  'integration/stack': 60,
  'integration/dumps-move': 60,
  'integration/pitr-bad-days': 60,
  'integration/snapshot-diff': 60,
  'integration/services/pulsar-classes': 50,
  'scenarios/one-job': 50,
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => secondsOf(b) - secondsOf(a) || a.moduleId.localeCompare(b.moduleId));
  }
}

function secondsOf({ moduleId }: TestSpecification): number {
  const [, name = ''] = /test\/(.*)\.test\.ts$/.exec(moduleId) ?? [];
  return long[name] ?? 0;
}
