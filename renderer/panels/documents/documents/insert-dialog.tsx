import { Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import { shellLanguage } from '../ui/language.ts';
import { asDocumentText } from './send.ts';

const template = "{\n  name: '',\n  created_at: new Date()\n}";

/** Asks for one document or a list of them. @param text what stands there first: a copy of another */
export function askInsert(place: CollectionPlace, inserted: () => void, text?: string): void {
  const modalId = 'insert-documents';
  modals.open({
    modalId,
    title: text === undefined ? `Insert into ${place.collection}` : `Insert a copy into ${place.collection}`,
    size: 720,
    children: <InsertForm place={place} first={text ?? template} inserted={inserted} close={() => modals.close(modalId)} />,
  });
}

function InsertForm({ place, first, inserted, close }: { place: CollectionPlace; first: string; inserted: () => void; close: () => void }) {
  const [text, setText] = useState(first);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  const insert = async () => {
    setBusy(true);
    try {
      const { inserted: count } = await api.documents.insert({ ...place, documents: await asDocumentText(text) });
      close();
      notifications.show({ message: `${plural(count, 'document')} inserted into ${place.collection}`, autoClose: 3_000, withBorder: true });
      inserted();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.form}>
      <p className="dim">
        A document in braces, or a list of them in brackets, in shell syntax or Extended JSON. Without an _id it gets one.
      </p>
      <Editor
        label="Documents to insert"
        value={text}
        onChange={setText}
        onRun={() => void insert()}
        language={shellLanguage}
        minLines={8}
        maxLines={22}
        problem={problem?.at ? { ...problem.at, message: problem.what } : null}
        testId="insert-editor"
      />
      {problem === null ? null : <ProblemBox problem={problem} />}
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={busy} onClick={() => void insert()}>
          Insert
        </Button>
      </div>
    </div>
  );
}
