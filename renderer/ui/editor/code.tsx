import type { Extension } from '@codemirror/state';
import css from './editor.module.css';
import { Editor } from './editor.tsx';

/** A text in its language that is only looked at: a statement to be run, a definition. */
export function Code({
  label,
  text,
  language,
  maxLines = 14,
}: {
  label: string;
  text: string;
  language?: readonly Extension[];
  maxLines?: number;
}) {
  return (
    <div className={css.code}>
      <Editor label={label} value={text} language={language} readOnly lineNumbers={false} maxLines={maxLines} />
    </div>
  );
}
