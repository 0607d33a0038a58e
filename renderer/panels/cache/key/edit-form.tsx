import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { KeyEditInput, KeyHead, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import css from '../cache.module.css';
import type { Target } from '../context.ts';

interface EditFormProps {
  target: Target;
  keyName: string;
  /** Null while what was typed makes no edit yet. */
  edit: KeyEditInput | null;
  /** The key must not be there yet. */
  create?: boolean;
  /** Done after it, such as the time to live of a new key. */
  then?: KeyEditInput | null;
  button: string;
  colour?: string;
  onDone: (head: KeyHead) => void;
  onCancel: () => void;
  /** The fields. */
  children?: ReactNode;
}

/** Fields of an edit, the commands it will run, and the button that runs them. */
export function EditForm({
  target,
  keyName,
  edit,
  create = false,
  then = null,
  button,
  colour,
  onDone,
  onCancel,
  children,
}: EditFormProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const run = async () => {
    if (edit === null) return;
    setBusy(true);
    setProblem(null);
    try {
      let head = await api.cache.apply({ ...target, key: keyName, edit, create });
      if (then !== null) head = await api.cache.apply({ ...target, key: keyName, edit: then });
      onDone(head);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
      }}
    >
      {children}
      <Commands target={target} keyName={keyName} edits={[edit, then]} />
      {problem ? <ProblemBox problem={problem} /> : null}
      <div className={css.buttons}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" color={colour} loading={busy} disabled={edit === null}>
          {button}
        </Button>
      </div>
    </form>
  );
}

/** What will run, as it could be typed. */
function Commands({ target, keyName, edits }: { target: Target; keyName: string; edits: readonly (KeyEditInput | null)[] }) {
  const [asked] = useDebouncedValue(JSON.stringify([keyName, edits]), 150);
  const preview = useQuery({
    queryKey: ['cache', target, 'preview', asked],
    queryFn: async () => {
      const [key, all] = JSON.parse(asked) as [string, (KeyEditInput | null)[]];
      const told = await Promise.all(all.filter((edit) => edit !== null).map((edit) => api.cache.preview({ ...target, key, edit })));
      return told.map(({ commands }) => commands).join('\n');
    },
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  });
  if (preview.isError) return <ProblemBox problem={problemOf(preview.error)} />;
  return (
    <div>
      <div className={css.label}>What will run</div>
      <pre className={css.commands} data-testid="edit-preview">
        {preview.data || ' '}
      </pre>
    </div>
  );
}
