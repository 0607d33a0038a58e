import { useEffect, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import type { Arranging, ResultSort } from '../../../../preload/contract/sql.ts';
import { api } from '../../../api/client.ts';
import { follow } from '../../../api/stream.ts';
import type { BarFilter } from './filter-bar.tsx';

export type Arranged =
  /** As it came. */
  | { kind: 'plain' }
  | { kind: 'working'; progress: Arranging | null }
  | { kind: 'done'; view: string; rows: number; total: number }
  | { kind: 'failed'; problem: ProblemData };

interface Place {
  stack: string;
  service: string;
  run: string;
  statement: number;
}

/** A result sorted and filtered by the core, on what is spooled there. Asked anew whenever the wish changes. */
export function useArranged({ stack, service, run, statement }: Place, filters: readonly BarFilter[], sort: ResultSort | null): Arranged {
  const wish = filters.length === 0 && sort === null ? null : JSON.stringify({ filters, sort });
  const [arranged, setArranged] = useState<Arranged>({ kind: 'plain' });
  useEffect(() => {
    if (wish === null) {
      setArranged({ kind: 'plain' });
      return;
    }
    const wanted = JSON.parse(wish) as { filters: BarFilter[]; sort: ResultSort | null };
    setArranged({ kind: 'working', progress: null });
    return follow<Arranging>({
      open: (stream, signal) =>
        api.sql.arrange(
          {
            stack,
            service,
            run,
            statement,
            stream,
            sort: wanted.sort,
            filters: wanted.filters.map(({ column, ...rest }) => ({ column: column === '' ? null : Number(column), ...rest })),
          },
          { signal },
        ),
      onBatch: (told) =>
        setArranged(
          told.state === 'done'
            ? { kind: 'done', view: told.view, rows: told.matched, total: told.total }
            : { kind: 'working', progress: told },
        ),
      onEnd: (outcome) => {
        if (outcome.kind === 'failed') setArranged({ kind: 'failed', problem: outcome.problem });
      },
    });
  }, [stack, service, run, statement, wish]);
  return arranged;
}
