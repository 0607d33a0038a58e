import { json } from '@codemirror/lang-json';
import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { GivenBytes, KeyEditInput, RedisBytes } from '../../../../preload/contract/index.ts';
import { Editor } from '../../../ui/editor/editor.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { EditForm } from './edit-form.tsx';

interface ValueEditorProps {
  keyName: string;
  value: RedisBytes;
  editOf: (given: GivenBytes) => KeyEditInput;
  onDone: () => void;
  onCancel: () => void;
}

/** One value being changed: as text, or as base64 where it is no text. */
export function ValueEditor({ keyName, value, editOf, onDone, onCancel }: ValueEditorProps) {
  const target = useTarget();
  const [text, setText] = useState(value.data);
  const [binary, setBinary] = useState(value.binary);
  const language = useMemo(() => (!binary && /^\s*[[{]/.test(value.data) ? [json()] : []), [binary, value.data]);
  const valid = !binary || /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text);
  const changed = text !== value.data || binary !== value.binary;
  const given = { data: binary ? text.replace(/\s+/g, '') : text, binary };
  return (
    <div className={css.editing}>
      <EditForm
        target={target}
        keyName={keyName}
        edit={valid && changed ? editOf(given) : null}
        button="Save"
        onDone={onDone}
        onCancel={onCancel}
      >
        <div className={css.line}>
          <Select
            size="xs"
            aria-label="How the value is written"
            data={[
              { value: 'text', label: 'Text (UTF-8)' },
              { value: 'base64', label: 'Bytes, in base64' },
            ]}
            value={binary ? 'base64' : 'text'}
            allowDeselect={false}
            onChange={(next) => setBinary(next === 'base64')}
          />
          {valid ? null : <span className={css.wrong}>This is no base64.</span>}
        </div>
        <div className={css.editor}>
          <Editor label="Value" value={text} onChange={setText} language={language} minLines={6} maxLines={22} testId="value-editor" />
        </div>
      </EditForm>
    </div>
  );
}
