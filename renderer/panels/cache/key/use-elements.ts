import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ElementFilter, ElementRow, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import type { Target } from '../context.ts';
import { ElementPages } from './element-pages.ts';
import type { ElementType } from './elements.ts';

export interface Elements {
  rows: number;
  /** Elements of the key, whatever the filter. */
  total: number | null;
  /** Not all is loaded yet. */
  more: boolean;
  problem: ProblemData | null;
  at: (index: number) => ElementRow | undefined;
  want: (from: number, to: number) => void;
}

/** Elements of a key by the page: anywhere in lists and ranks, one page after the other elsewhere. */
export function useElements(target: Target, key: string, type: ElementType, filter: ElementFilter): Elements {
  const random = type === 'list' || (type === 'zset' && filter.match === '' && filter.min === '' && filter.max === '');
  const pages = useRef(new ElementPages(random));
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const queries = useQueryClient();
  const { stack, service } = target;
  const asked = JSON.stringify([stack, service, key, type, filter]);
  const round = useRef('');

  const fetch = (cursor: string, book: ElementPages) => {
    api.cache
      .elements({ stack, service, key, cursor, count: ElementPages.size, filter })
      .then(
        (page) => {
          if (pages.current !== book) return;
          book.put(cursor, page.rows, page.next, page.total);
          setProblem(null);
        },
        (error) => {
          if (pages.current !== book) return;
          setProblem(problemOf(error));
          // The server may be away: what is missing is asked for again by itself.
          setTimeout(() => {
            book.failed(cursor);
            if (pages.current !== book) return;
            setProblem(null);
            for (const missing of book.wanted(0, 1)) fetch(missing, book);
          }, 3_000);
        },
      )
      .finally(() => redraw((drawn) => drawn + 1));
  };
  if (round.current !== asked) {
    round.current = asked;
    pages.current = new ElementPages(random);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked for stands in one text
  useEffect(() => {
    const book = pages.current;
    for (const cursor of book.wanted(0, 1)) fetch(cursor, book);
    // Whoever has the key read again means its elements too.
    return queries.getQueryCache().subscribe((event) => {
      const [, place, what, name, part] = event.query.queryKey as [string, Target?, string?, string?, string?];
      const ours = what === 'key' && name === key && part === 'head' && place?.service === service && place.stack === stack;
      if (!ours || event.type !== 'updated' || event.action.type !== 'invalidate') return;
      pages.current = new ElementPages(random);
      for (const cursor of pages.current.wanted(0, 1)) fetch(cursor, pages.current);
    });
  }, [asked]);

  return {
    rows: pages.current.rows,
    total: pages.current.total,
    more: pages.current.more,
    problem,
    at: (index) => pages.current.at(index),
    want: (from, to) => {
      const book = pages.current;
      if (problem !== null) return;
      for (const cursor of book.wanted(from, to)) fetch(cursor, book);
    },
  };
}
