import { useDebouncedValue } from '@mantine/hooks';
import { IconGitBranch } from '@tabler/icons-react';
import { Editor } from '../../../ui/editor/editor.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Split } from '../../../ui/panes.tsx';
import css from '../sql.module.css';
import { useDraft } from '../tabs/use-draft.ts';
import { PlanView } from './plan-view.tsx';

/** A plan that someone sent: pasted, and read as a tree. */
export function PlanTab({ stack }: { stack: string }) {
  const [draft, setDraft] = useDraft(stack, 'pasted-plan');
  const [text] = useDebouncedValue(draft?.text ?? '', 150);
  if (draft === null) return null;
  return (
    <Split
      id="sql.plan"
      share={30}
      first={
        <div className={css.column}>
          <div className={css.editorBox}>
            <Editor
              label="Plan text"
              fill
              value={draft.text}
              onChange={(next) => setDraft({ text: next })}
              placeholder="Paste what EXPLAIN printed, as text or as JSON"
            />
          </div>
        </div>
      }
      second={
        text.trim() === '' ? (
          <div className={css.center}>
            <EmptyState
              icon={IconGitBranch}
              line="A plan pasted above is shown here as a tree with times, rows and blocks, whichever tool printed it."
              example="explain (analyze, buffers) select …"
            />
          </div>
        ) : (
          <PlanView text={text} />
        )
      }
    />
  );
}
