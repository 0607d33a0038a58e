import { IconTerminal2 } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { duration } from '../../../ui/format.ts';
import { useNow } from '../../../ui/use-now.ts';
import css from '../cache.module.css';
import type { ConsoleEntry } from './transcripts.ts';

/** What was asked and answered; the end stays in sight. */
export function Transcript({ entries }: { entries: readonly ConsoleEntry[] }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves with the entries
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [entries]);
  return (
    <div ref={box} className={css.transcript} role="log" aria-label="Replies" data-testid="transcript">
      {entries.length === 0 ? (
        <EmptyState
          icon={IconTerminal2}
          line="Type a command below. What deletes or blocks is asked about first."
          example="npx noodlebox redis INFO memory"
        />
      ) : null}
      {entries.map((entry) => (
        <div key={entry.id} className={css.entry}>
          <div className={css.asked}>
            <span>&gt;</span>
            <b>{entry.line}</b>
            <span className={css.spring} />
            {entry.kind === 'running' ? <Running since={entry.since} /> : <span className="num">{duration(entry.took)}</span>}
            {entry.kind === 'answered' ? <CopyButton text={entry.text} label="Copy the reply" /> : null}
          </div>
          {entry.kind === 'answered' ? (
            <pre className={css.reply} data-failed={entry.failed || undefined}>
              {entry.text}
              {entry.cut ? '\n… the rest is left out' : ''}
            </pre>
          ) : null}
        </div>
      ))}
    </div>
  );
}

function Running({ since }: { since: number }) {
  const now = useNow(500);
  return <span className="num">{now - since > 1_000 ? duration(now - since) : '…'}</span>;
}
