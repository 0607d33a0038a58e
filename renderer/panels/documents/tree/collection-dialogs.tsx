import { Button, Group, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Code } from '../../../ui/editor/code.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { quoted } from '../bson/shell.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import { shellLanguage } from '../ui/language.ts';

type DatabasePlace = Omit<CollectionPlace, 'collection'>;

export function askCreateCollection(place: DatabasePlace, created: (name: string) => void): void {
  const modalId = 'create-collection';
  modals.open({
    modalId,
    title: `Create a collection in ${place.database}`,
    children: (
      <NameForm
        verb="Create"
        first=""
        statement={(name) => `db.createCollection(${quoted(name)})`}
        act={(name) => api.documents.createCollection({ ...place, collection: name })}
        done={created}
        close={() => modals.close(modalId)}
      />
    ),
  });
}

export function askRename(place: CollectionPlace, renamed: (name: string) => void): void {
  const modalId = 'rename-collection';
  modals.open({
    modalId,
    title: `Rename ${place.collection}`,
    children: (
      <NameForm
        verb="Rename"
        first={place.collection}
        statement={(name) => `db.getCollection(${quoted(place.collection)}).renameCollection(${quoted(name)})`}
        act={(to) => api.documents.renameCollection({ ...place, to })}
        done={renamed}
        close={() => modals.close(modalId)}
      />
    ),
  });
}

interface NameFormProps {
  verb: string;
  first: string;
  statement: (name: string) => string;
  act: (name: string) => Promise<void>;
  done: (name: string) => void;
  close: () => void;
}

function NameForm({ verb, first, statement, act, done, close }: NameFormProps) {
  const [name, setName] = useState(first);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await act(name);
      close();
      done(name);
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
        if (name !== '' && name !== first) void run();
      }}
    >
      <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Code label="What will run" text={statement(name)} language={shellLanguage} />
      {problem === null ? null : <ProblemBox problem={problem} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={name === '' || name === first}>
          {verb} {name || 'it'}
        </Button>
      </Group>
    </form>
  );
}
