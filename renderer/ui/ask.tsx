import { Button, Group } from '@mantine/core';
import { modals } from '@mantine/modals';
import { type ReactNode, useEffect, useState } from 'react';
import { tell } from '../api/actions.tsx';
import { problemOf } from '../api/client.ts';
import css from './ask.module.css';

interface AskLoss {
  title: string;
  intro?: ReactNode;
  /** What is lost, a line each; asked for while the dialog is open when it takes a while to know. */
  losses: readonly string[] | (() => Promise<readonly string[]>);
  /** What will run, as it will run. */
  statements?: string;
  /** Names what is lost: "Delete 1,204 keys". */
  button: string;
  act: () => void | Promise<void>;
}

/** Asks before something is lost. */
export function askLoss({ title, intro, losses, statements, button, act }: AskLoss): void {
  ask(title, button, 'red', act, [
    intro ? <div key="intro">{intro}</div> : null,
    <Losses key="losses" losses={losses} />,
    statements === undefined ? null : <Statements key="statements" text={statements} />,
  ]);
}

interface AskPreview {
  title: string;
  intro?: ReactNode;
  /** What will run, as it will run. */
  statements: string;
  button: string;
  act: () => void | Promise<void>;
}

/** Shows what will run, before it runs. */
export function askPreview({ title, intro, statements, button, act }: AskPreview): void {
  ask(title, button, undefined, act, [intro ? <p key="intro">{intro}</p> : null, <Statements key="statements" text={statements} />]);
}

function ask(title: string, button: string, colour: string | undefined, act: () => void | Promise<void>, body: ReactNode): void {
  const modalId = crypto.randomUUID();
  modals.open({
    modalId,
    title,
    size: 560,
    children: (
      <div className={css.ask}>
        {body}
        <Decision button={button} colour={colour} act={act} close={() => modals.close(modalId)} />
      </div>
    ),
  });
}

/** The dialog stays while the act runs, and when it fails. */
function Decision({ button, colour, act, close }: { button: string; colour?: string; act: () => void | Promise<void>; close: () => void }) {
  const [busy, setBusy] = useState(false);
  const decide = async () => {
    setBusy(true);
    try {
      await act();
      close();
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group justify="flex-end" gap="xs" mt="md">
      <Button variant="default" onClick={close} data-autofocus={colour === 'red' || undefined}>
        Cancel
      </Button>
      <Button color={colour} loading={busy} onClick={() => void decide()} data-autofocus={colour === undefined || undefined}>
        {button}
      </Button>
    </Group>
  );
}

function Losses({ losses }: { losses: AskLoss['losses'] }) {
  const [known, setKnown] = useState<readonly string[] | null>(typeof losses === 'function' ? null : losses);
  useEffect(() => {
    if (typeof losses !== 'function') return;
    losses().then(setKnown, (error: unknown) => setKnown([problemOf(error).what]));
  }, [losses]);
  if (known === null) return <p className="dim">Looking at what there is…</p>;
  return (
    <ul className={css.losses}>
      {known.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Statements({ text }: { text: string }) {
  return <pre className={css.statements}>{text}</pre>;
}
