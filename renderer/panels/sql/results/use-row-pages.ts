import { useCallback, useRef, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { problemOf } from '../../../api/client.ts';
import { RowPages } from './row-pages.ts';

interface Fetched<T> {
  key: string;
  pages: RowPages<T>;
  asked: Set<number>;
}

export interface RowsOnDemand<T> {
  rowAt: (row: number) => T | undefined;
  want: (from: number, to: number) => void;
  /** Why the last page did not come. */
  problem: ProblemData | null;
}

/** Rows of anything that comes in pages. @param key names what they are rows of: another key begins anew */
export function useRowPages<T>(key: string, total: number, fetch: (from: number, count: number) => Promise<readonly T[]>): RowsOnDemand<T> {
  const fetched = useRef<Fetched<T>>({ key, pages: new RowPages(), asked: new Set() });
  const [problem, setProblem] = useState<{ key: string; problem: ProblemData } | null>(null);
  const [, redraw] = useState(0);
  if (fetched.current.key !== key) fetched.current = { key, pages: new RowPages(), asked: new Set() };
  const now = fetched.current;
  const want = useCallback(
    (from: number, to: number) => {
      for (const part of now.pages.missing(from, to, total)) {
        if (now.asked.has(part.from)) continue;
        now.asked.add(part.from);
        fetch(part.from, part.count).then(
          (rows) => {
            now.pages.put(part.from, rows);
            now.asked.delete(part.from);
            if (fetched.current === now) redraw((drawn) => drawn + 1);
          },
          (error: unknown) => {
            if (fetched.current === now) setProblem({ key, problem: problemOf(error) });
            // Asked again after a while, if it is still wanted then.
            setTimeout(() => now.asked.delete(part.from), 2_000);
          },
        );
      }
    },
    [now, total, fetch, key],
  );
  return { rowAt: (row) => now.pages.at(row), want, problem: problem?.key === key ? problem.problem : null };
}
