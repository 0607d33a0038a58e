import type { DiffLine } from '../bson/diff.ts';
import css from '../documents.module.css';

const marks = { same: ' ', removed: '−', added: '+' } as const;

/** Lines that go and come; what does not change in between is left out. */
export function DiffView({ lines }: { lines: readonly (DiffLine | null)[] }) {
  if (lines.length === 0) return <p className="dim">Nothing changes.</p>;
  return (
    <pre className={css.diff} data-testid="document-diff">
      {lines.slice(0, 2_000).map((line, index) =>
        line === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines stand still
          <span key={index} className={css.gap}>
            ⋯
          </span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines stand still
          <span key={index} data-tone={line.tone}>
            {marks[line.tone]} {line.text.slice(0, 2_000)}
          </span>
        ),
      )}
    </pre>
  );
}
