import { useEffect, useState } from 'react';

/** The time now, told anew every `every` ms; a stopped clock when `every` is null. */
export function useNow(every: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (every === null) return;
    setNow(Date.now());
    const ticking = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(ticking);
  }, [every]);
  return now;
}

/** True once it has been mounted for `ms`: nothing flashes up that would be gone at once. */
export function useAfter(ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const waiting = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(waiting);
  }, [ms]);
  return late;
}
