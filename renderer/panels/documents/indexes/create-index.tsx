import { Button, Checkbox, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMemo, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useTasks } from '../../../api/tasks.tsx';
import { Code } from '../../../ui/editor/code.tsx';
import { Editor } from '../../../ui/editor/editor.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { quoted } from '../bson/shell.ts';
import { whenDone } from '../bulk/when-done.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import { shellLanguage, shellWith } from '../ui/language.ts';
import { useFieldNames } from '../ui/use-field-names.ts';

export function askCreateIndex(place: CollectionPlace, made: () => void): void {
  const modalId = 'create-index';
  modals.open({
    modalId,
    title: `Create an index of ${place.collection}`,
    size: 640,
    children: <IndexForm place={place} made={made} close={() => modals.close(modalId)} />,
  });
}

function IndexForm({ place, made, close }: { place: CollectionPlace; made: () => void; close: () => void }) {
  const { started } = useTasks();
  const names = useFieldNames(place);
  const language = useMemo(() => shellWith(names), [names]);
  const [keys, setKeys] = useState('{  }');
  const [unique, setUnique] = useState(false);
  const [name, setName] = useState('');
  const [more, setMore] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const options = optionsText({ unique, name, more });
  const statement = `db.getCollection(${quoted(place.collection)}).createIndex(${keys.trim()}${options === '' ? '' : `, ${options}`})`;
  const run = async () => {
    setBusy(true);
    try {
      const { task } = await api.documents.createIndex({ ...place, keys, options });
      started(task);
      await whenDone(task.id);
      made();
      close();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.form}>
      <Editor
        label="Keys"
        value={keys}
        onChange={setKeys}
        onRun={() => void run()}
        language={language}
        lineNumbers={false}
        minLines={2}
        placeholder="{ field: 1 }"
        testId="index-keys"
      />
      <p className="dim">1 ascending, -1 descending, 'text', '2dsphere', 'hashed'. The order of the fields matters.</p>
      <TextInput label="Name" placeholder="by its fields" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Checkbox
        label="Unique: no two documents have the same"
        checked={unique}
        onChange={(event) => setUnique(event.currentTarget.checked)}
      />
      <Editor
        label="More options"
        value={more}
        onChange={setMore}
        language={language}
        lineNumbers={false}
        placeholder="{ sparse: true, expireAfterSeconds: 3600, partialFilterExpression: { … } }"
      />
      <Code label="What will run" text={statement} language={shellLanguage} />
      {problem === null ? null : <ProblemBox problem={problem} />}
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={busy} disabled={/^\s*\{?\s*\}?\s*$/.test(keys)} onClick={() => void run()}>
          Create index
        </Button>
      </div>
    </div>
  );
}

/** What was ticked and what was typed, as one document. */
export function optionsText({ unique, name, more }: { unique: boolean; name: string; more: string }): string {
  const inner = more
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1')
    .trim();
  const parts = [unique ? 'unique: true' : '', name.trim() === '' ? '' : `name: ${quoted(name.trim())}`, inner.replace(/,$/, '')].filter(
    Boolean,
  );
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}
