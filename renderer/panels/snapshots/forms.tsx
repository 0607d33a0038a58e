import { Button, Group } from '@mantine/core';
import { modals } from '@mantine/modals';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { ProblemData } from '../../../preload/contract/index.ts';
import { problemOf } from '../../api/client.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import css from './snapshots.module.css';

/** A dialog that closes itself. */
export function openDialog(title: string, body: (close: () => void) => ReactNode): void {
  const modalId = crypto.randomUUID();
  modals.open({ modalId, title, size: 560, children: body(() => modals.close(modalId)) });
}

interface FormProps {
  children: ReactNode;
  button: string;
  colour?: string;
  ready?: boolean;
  close: () => void;
  /** What may be refused is waited for: the dialog stays then, and says why. */
  onSubmit: (() => void) | (() => Promise<unknown>);
}

export function Form({ children, button, colour, ready = true, close, onSubmit }: FormProps) {
  const [refusal, setRefusal] = useState<ProblemData | null>(null);
  const [waiting, setWaiting] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (waiting) return;
    const asked = onSubmit();
    if (!asked) return close();
    setWaiting(true);
    asked.then(close, (error: unknown) => setRefusal(problemOf(error))).finally(() => setWaiting(false));
  };
  return (
    <form className={css.form} onSubmit={submit}>
      {children}
      {refusal === null ? null : <ProblemBox problem={refusal} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" color={colour} disabled={!ready} loading={waiting}>
          {button}
        </Button>
      </Group>
    </form>
  );
}

interface OutlookQuery {
  readonly data?: { readonly does: readonly string[]; readonly loses: readonly string[] };
  readonly error: unknown;
  readonly isError: boolean;
}

/** What will be done, and what is lost. */
export function Outlook({ query }: { query: OutlookQuery }) {
  if (query.isError) return <ProblemBox problem={problemOf(query.error)} />;
  if (!query.data) return <p className="dim">Looking at what there is…</p>;
  const { does, loses } = query.data;
  return (
    <>
      <ul className={css.does} aria-label="What it does">
        {does.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {loses.length === 0 ? null : (
        <section>
          <h3 className={css.losing}>Replaced or lost</h3>
          <ul className={css.loses} aria-label="What is lost">
            {loses.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
