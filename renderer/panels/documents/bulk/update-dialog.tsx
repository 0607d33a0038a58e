import { Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMemo, useState } from 'react';
import type { DocumentChangePreview, ProblemData, TaskSummary } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { parseEjson } from '../bson/bson.ts';
import { diffLines, hunks } from '../bson/diff.ts';
import { quoted, shellText } from '../bson/shell.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import type { QueryTexts } from '../query/query-bar.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { shellWith } from '../ui/language.ts';
import { whenDone } from './when-done.ts';

/** Asks for an update of all that the filter finds; it runs only after a preview. */
export function askUpdate(
  place: CollectionPlace,
  query: QueryTexts,
  fields: readonly string[],
  started: (task: TaskSummary) => void,
  done: () => void,
): void {
  const modalId = 'bulk-update';
  modals.open({
    modalId,
    title: `Update documents of ${place.collection}`,
    size: 760,
    children: <UpdateForm place={place} query={query} fields={fields} started={started} done={done} close={() => modals.close(modalId)} />,
  });
}

interface UpdateFormProps {
  place: CollectionPlace;
  query: QueryTexts;
  fields: readonly string[];
  started: (task: TaskSummary) => void;
  done: () => void;
  close: () => void;
}

function UpdateForm({ place, query, fields, started, done, close }: UpdateFormProps) {
  const [update, setUpdate] = useState('{ $set: { } }');
  const [preview, setPreview] = useState<DocumentChangePreview | null>(null);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  const language = useMemo(() => shellWith(fields), [fields]);
  const change = { ...place, filter: query.filter, collation: query.collation, update };
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    try {
      await act();
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const look = () => attempt(async () => setPreview(await api.documents.previewChange(change)));
  const run = () =>
    attempt(async () => {
      const { task } = await api.documents.change(change);
      started(task);
      close();
      void whenDone(task.id).then(done, tell);
    });
  const filter = query.filter.trim() || '{}';
  const inUpdate = problem?.at !== undefined && problem.what.startsWith('Update: ');
  return (
    <div className={css.form}>
      <div className={css.fact}>
        <span className="dim">Filter</span>
        <code>{filter}</code>
      </div>
      <Editor
        label="Update"
        value={update}
        onChange={(text) => {
          setUpdate(text);
          setPreview(null);
        }}
        onRun={() => void look()}
        language={language}
        minLines={4}
        lineNumbers={false}
        problem={inUpdate ? { ...problem!.at!, message: problem!.what.slice('Update: '.length) } : null}
        testId="update-editor"
      />
      {problem === null ? null : <ProblemBox problem={problem} />}
      {preview === null ? (
        <p className="dim">Operators such as $set, or a pipeline in brackets. The preview tries it on copies of some documents.</p>
      ) : (
        <Preview preview={preview} />
      )}
      {preview === null ? null : (
        <pre className={css.statement}>{`db.getCollection(${quoted(place.collection)}).updateMany(${filter}, ${update.trim()})`}</pre>
      )}
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        {preview === null ? (
          <Button loading={busy} onClick={() => void look()}>
            Preview
          </Button>
        ) : (
          <Button loading={busy} disabled={preview.matched === 0} onClick={() => void run()}>
            Update {plural(preview.matched, 'document')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Preview({ preview }: { preview: DocumentChangePreview }) {
  return (
    <div className={css.preview}>
      <p>
        {preview.matched === 0
          ? 'The filter finds nothing.'
          : `${plural(preview.matched, 'document')} will be updated. ${preview.samples.length === 1 ? 'It' : 'Some of them'}, before and after:`}
      </p>
      {preview.samples.slice(0, 3).map(({ before, after }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: samples stand still
        <DiffView key={index} lines={after ? hunks(diffLines(shellText(parseEjson(before)), shellText(parseEjson(after))), 1) : []} />
      ))}
    </div>
  );
}
