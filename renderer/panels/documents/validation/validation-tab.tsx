import { Button, Select } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Validation } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { askPreview } from '../../../ui/ask.tsx';
import { Editor } from '../../../ui/editor/editor.tsx';
import { count, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { parseEjson } from '../bson/bson.ts';
import { quoted, shellLine, shellText } from '../bson/shell.ts';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { shellLanguage } from '../ui/language.ts';

const example =
  "{\n  $jsonSchema: {\n    bsonType: 'object',\n    required: ['name'],\n    properties: {\n      name: { bsonType: 'string' }\n    }\n  }\n}";

/** The rules that documents must keep: read, tried on what is there, changed. */
export function ValidationTab({ place }: { place: CollectionPlace }) {
  const { server } = usePlace();
  const queries = useQueryClient();
  const queryKey = ['documents', place, 'validation'];
  const now = useQuery({ queryKey, queryFn: ({ signal }) => api.documents.validation(place, { signal }) });
  const [text, setText] = useState('');
  const [level, setLevel] = useState<Validation['level']>('strict');
  const [action, setAction] = useState<Validation['action']>('error');
  const stored = now.data === undefined ? '' : now.data.validator === '' ? '' : shellText(parseEjson(now.data.validator));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored comes once, and after it was changed
  useEffect(() => {
    if (now.data === undefined) return;
    setText(stored);
    setLevel(now.data.level);
    setAction(now.data.action);
  }, [now.data]);
  const check = useMutation({ mutationFn: () => api.documents.checkValidation({ ...place, validator: text }) });
  const cannot = server?.can.validators === false;
  const changed = now.data !== undefined && (text.trim() !== stored || level !== now.data.level || action !== now.data.action);
  const problem = check.isError ? problemOf(check.error) : null;
  const apply = () =>
    askPreview({
      title: `Change the validation of ${place.collection}?`,
      intro: 'Documents that are there stay as they are; what is written from now on must keep the rules.',
      statements: `db.runCommand({\n  collMod: ${quoted(place.collection)},\n  validator: ${text.trim() || '{}'},\n  validationLevel: '${level}',\n  validationAction: '${action}'\n})`,
      button: 'Apply validation',
      act: async () => {
        await api.documents.setValidation({ ...place, validator: text, level, action });
        await queries.invalidateQueries({ queryKey });
      },
    });
  return (
    <>
      <Toolbar label="Validation">
        <Select
          size="xs"
          w={200}
          aria-label="Which writes are checked"
          data={[
            { value: 'strict', label: 'All writes are checked' },
            { value: 'moderate', label: 'Only of documents that keep them' },
            { value: 'off', label: 'No write is checked' },
          ]}
          value={level}
          allowDeselect={false}
          disabled={cannot}
          onChange={(value) => setLevel((value ?? 'strict') as Validation['level'])}
        />
        <Select
          size="xs"
          w={200}
          aria-label="What happens to others"
          data={[
            { value: 'error', label: 'Others are refused' },
            { value: 'warn', label: 'Others are logged' },
          ]}
          value={action}
          allowDeselect={false}
          disabled={cannot}
          onChange={(value) => setAction((value ?? 'error') as Validation['action'])}
        />
        <Spring />
        <Button variant="default" loading={check.isPending} disabled={text.trim() === ''} onClick={() => check.mutate()}>
          Check documents
        </Button>
        <Button disabled={cannot || !changed} onClick={apply}>
          Apply…
        </Button>
      </Toolbar>
      {cannot ? (
        <div className={css.note} role="note">
          <IconShieldCheck size={15} aria-hidden />
          {server.program} has no validators. Rules can be written here and checked against documents as far as it understands them, but not
          stored.
        </div>
      ) : null}
      {now.isError ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(now.error)} />
        </div>
      ) : null}
      <div className={css.grow}>
        <Editor
          label="Rules"
          value={text}
          onChange={setText}
          onRun={() => check.mutate()}
          language={shellLanguage}
          fill
          placeholder={example}
          problem={problem?.at ? { ...problem.at, message: problem.what } : null}
          testId="validator"
        />
      </div>
      {problem === null ? null : (
        <div className={css.aside}>
          <ProblemBox problem={problem} />
        </div>
      )}
      {check.data && !check.isPending ? (
        <div className={css.checked} role="status">
          <p>
            {check.data.failing === 0
              ? 'Every document keeps these rules.'
              : `${plural(check.data.failing, 'document')} would be refused${check.data.failing > check.data.documents.length ? `; the first ${count(check.data.documents.length)}` : ''}:`}
          </p>
          {check.data.documents.map((document) => (
            <code key={document} className="cut">
              {shellLine(parseEjson(document), 400)}
            </code>
          ))}
        </div>
      ) : null}
    </>
  );
}
