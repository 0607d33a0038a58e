import { Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useEffect, useMemo, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring } from '../../../ui/toolbar.tsx';
import { type Bson, fieldOf } from '../bson/bson.ts';
import { diffLines, hunks } from '../bson/diff.ts';
import { quoted, shellLine, shellText } from '../bson/shell.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { shellLanguage } from '../ui/language.ts';
import { asDocumentText } from './send.ts';

interface EditDocumentProps {
  place: CollectionPlace;
  result: string;
  at: number;
  document: Bson;
  onSaved: (ejson: string, bytes: number) => void;
  onEdited: (changed: boolean) => void;
  onCancel: () => void;
}

/** A document in shell syntax, saved after a look at what changes. */
export function EditDocument({ place, result, at, document, onSaved, onEdited, onCancel }: EditDocumentProps) {
  const before = useMemo(() => shellText(document), [document]);
  const [text, setText] = useState(before);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const save = async () => {
    try {
      const saved = await api.documents.replace({
        stack: place.stack,
        service: place.service,
        result,
        at,
        document: await asDocumentText(text),
      });
      onSaved(saved.ejson, saved.bytes);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const review = () => {
    const modalId = 'review-document';
    const id = fieldOf(document, '_id');
    modals.open({
      modalId,
      title: 'Save these changes?',
      size: 720,
      children: (
        <div className={css.form}>
          <DiffView lines={hunks(diffLines(before, text))} />
          <pre
            className={css.statement}
          >{`db.getCollection(${quoted(place.collection)}).replaceOne({ _id: ${id ? shellLine(id, 120) : ''} }, { … })`}</pre>
          <p className="dim">It is saved only if nobody changed the document since it was read.</p>
          <div className={css.buttons}>
            <Button variant="default" onClick={() => modals.close(modalId)}>
              Back to editing
            </Button>
            <Button
              data-autofocus
              onClick={() => {
                modals.close(modalId);
                void save();
              }}
            >
              Save document
            </Button>
          </div>
        </div>
      ),
    });
  };
  const changed = text !== before;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when it changes, and when this goes
  useEffect(() => {
    onEdited(changed);
    return () => onEdited(false);
  }, [changed]);
  return (
    <div className={css.edit}>
      <Editor
        label="Document"
        value={text}
        onChange={setText}
        onRun={() => changed && review()}
        language={text.length > 500_000 ? undefined : shellLanguage}
        problem={problem?.at ? { ...problem.at, message: problem.what } : null}
        fill
        testId="document-editor"
      />
      {problem === null ? null : (
        <div className={css.aside}>
          <ProblemBox problem={problem} />
        </div>
      )}
      <div className={css.editFoot}>
        <span className="dim cut">{changed ? 'Changed' : 'Not changed'}</span>
        <Spring />
        <Button variant="default" onClick={onCancel}>
          {changed ? 'Discard' : 'Close'}
        </Button>
        <Button disabled={!changed} onClick={review}>
          Review changes
        </Button>
      </div>
    </div>
  );
}
