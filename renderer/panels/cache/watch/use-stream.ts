import { useEffect, useRef, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { follow } from '../../../api/stream.ts';

export type Watching = { kind: 'idle' } | { kind: 'watching' } | { kind: 'failed'; problem: ProblemData };

/** A stream that runs while `on` is true. `open` is called anew when `asked` changes. */
export function useWatching<T>(
  on: boolean,
  asked: string,
  open: (stream: string, signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onBatch: (batch: T) => void,
  onEnd: () => void,
): Watching {
  const [watching, setWatching] = useState<Watching>({ kind: 'idle' });
  const latest = useRef({ open, onBatch, onEnd });
  latest.current = { open, onBatch, onEnd };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked for stands in one text
  useEffect(() => {
    if (!on) {
      setWatching((before) => (before.kind === 'watching' ? { kind: 'idle' } : before));
      return;
    }
    setWatching({ kind: 'watching' });
    return follow<T>({
      open: (stream, signal) => latest.current.open(stream, signal),
      onBatch: (batch) => latest.current.onBatch(batch),
      onEnd: (outcome) => {
        setWatching(outcome.kind === 'failed' ? outcome : { kind: 'idle' });
        latest.current.onEnd();
      },
    });
  }, [on, asked]);
  return watching;
}

/** The newest items of a stream, in the order they came; older ones are let go. */
export function newest<T>(before: readonly T[], more: readonly T[], most: number): readonly T[] {
  if (more.length === 0) return before;
  const all = [...before, ...more];
  return all.length > most * 1.5 ? all.slice(-most) : all;
}
