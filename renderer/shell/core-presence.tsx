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
      <div className={css.presence}>
        {now.kind === 'open' ? null : <LostBanner locked={now.kind === 'locked'} />}
        {children}
      </div>
    );
  }
  if (now.kind === 'connecting' || now.kind === 'open') return null;
  return (
    <div className={css.lost} role="alert">
      <IconPlugConnectedX size={28} stroke={1.5} aria-hidden />
      <strong>{now.kind === 'locked' ? 'This browser needs a fresh link' : 'The core does not answer'}</strong>
      <span className="dim">
        {now.kind === 'locked'
          ? 'A link lets one browser in, once, for as long as that Noodlebox runs.'
          : 'Noodlebox may have been closed. Trying again by itself.'}
      </span>
      <CommandLine command="npx noodlebox open --web" />
    </div>
  );
}

function LostBanner({ locked }: { locked: boolean }) {
  return (
    <div className={css.banner} role="status">
      <IconPlugConnectedX size={15} aria-hidden />
      {locked
        ? 'Noodlebox was started anew. Open the link it printed, or get one with "npx noodlebox open --web".'
        : 'The core is gone. What you see is what it last told; reconnecting…'}
    </div>
  );
}
