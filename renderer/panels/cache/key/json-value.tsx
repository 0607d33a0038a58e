import { json } from '@codemirror/lang-json';
import { Button, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { KeyHead } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { EditForm } from './edit-form.tsx';

/** A value of the JSON module: all of it, or what stands at a path. */
export function JsonValue({ head, onReload }: { head: KeyHead; onReload: () => void }) {
  const target = useTarget();
  const [path, setPath] = useState('$');
  const [editing, setEditing] = useState<string | null>(null);
  const language = useMemo(() => [json()], []);
  const value = useQuery({
    queryKey: ['cache', target, 'key', head.key, 'json', path],
    queryFn: () => api.cache.json({ ...target, key: head.key, path }),
    retry: false,
  });
  if (editing !== null) {
    return (
      <div className={css.editing}>
        <EditForm
          target={target}
          keyName={head.key}
          edit={{ kind: 'json-set', path, json: editing }}
          button="Save"
          onCancel={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            onReload();
          }}
        >
          <Editor label="JSON" value={editing} onChange={setEditing} language={language} minLines={8} maxLines={24} />
        </EditForm>
      </div>
    );
  }
  return (
    <div className={css.value}>
      <div className={css.valueBar}>
        <TextInput
          size="xs"
          aria-label="Path"
          classNames={{ input: 'mono' }}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value || '$')}
        />
        <Button
          variant="default"
          leftSection={<IconPencil size={14} stroke={1.6} />}
          disabled={path !== '$' || value.data === undefined || value.data.cut}
          onClick={() => setEditing(value.data?.json ?? '')}
        >
          Edit
        </Button>
      </div>
      {value.isError ? <ProblemBox problem={problemOf(value.error)} /> : null}
      {value.data ? <ValueView text={value.data.json} kind="json" bytes={value.data.bytes} cut={value.data.cut} /> : null}
    </div>
  );
}
