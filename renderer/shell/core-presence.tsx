import { IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { connection } from '../api/connection.ts';
import { CommandLine } from '../ui/problem.tsx';
import css from './shell.module.css';

/** Shows what stands below once the core has been reached, and says so whenever it is out of reach. */
export function CorePresence({ children }: { children: ReactNode }) {
  const now = useSyncExternalStore(connection.subscribe, connection.get);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (now.kind === 'open') setSeen(true);
  }, [now.kind]);

  if (seen) {
    return (
      <>
        {now.kind === 'open' ? null : <LostBanner />}
        {children}
      </>
    );
  }
  if (now.kind !== 'lost') return null;
  return (
    <div className={css.lost} role="alert">
      <IconPlugConnectedX size={28} stroke={1.5} aria-hidden />
      <strong>The core does not answer</strong>
      <span className="dim">Noodlebox may have been closed, or this page's one-time link has run out. Trying again by itself.</span>
      <CommandLine command="npx noodlebox open --web" />
    </div>
  );
}

function LostBanner() {
  return (
    <div className={css.banner} role="status">
      <IconPlugConnectedX size={15} aria-hidden />
      The core is gone. What you see is what it last told; reconnecting…
    </div>
  );
}
