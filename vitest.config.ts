import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/lab/longest-first.ts';

const specs = ['main/**/*.spec.ts', 'preload/**/*.spec.ts', 'renderer/**/*.spec.{ts,tsx}', 'seeds/**/*.spec.ts', 'bin/**/*.spec.ts'];

/** `specs` need nothing but Node; the others need servers, and say what they lack when they skip. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Most take milliseconds; on two busy cores some take what a default allows.
      { test: { name: 'specs', include: specs, environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,scenarios,e2e,lab}/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/lab/setup.ts',
          // Servers are waited for more than worked with: two files keep two cores busy, more would make them late.
          maxWorkers: 2,
          // A server under load answers late: what is waited for is waited for.
          expect: { poll: { timeout: 15_000 } },
          // Pulsar alone may take 40 s to start on two busy cores, and some tests start it three times.
          testTimeout: 400_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
