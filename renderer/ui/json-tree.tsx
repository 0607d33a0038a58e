import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { IdText } from './id-text.tsx';
import css from './json-tree.module.css';

/** Children drawn of one value before the rest is asked for. */
const step = 100;

/** A value as a tree that opens; the first two levels are open. */
export function JsonTree({ value }: { value: unknown }) {
  return (
    <div className={css.tree}>
      <Node name={null} value={value} depth={0} />
    </div>
  );
}

function Node({ name, value, depth }: { name: string | null; value: unknown; depth: number }) {
  const entries = entriesOf(value);
  const [open, setOpen] = useState(depth < 2);
  const [shown, setShown] = useState(step);
  if (entries === null) {
    return (
      <div className={css.line}>
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  const brackets = Array.isArray(value) ? '[]' : '{}';
  return (
    <div>
      <button type="button" className={css.branch} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} stroke={2} aria-hidden className={css.twist} data-open={open || undefined} />
        <Name name={name} />
        <span className="dim">{entries.length === 0 ? brackets : `${brackets[0]}${entries.length}${brackets[1]}`}</span>
      </button>
      {open && entries.length > 0 ? (
        <div className={css.children}>
          {entries.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > shown ? (
            <button type="button" className={css.more} onClick={() => setShown(shown + step * 10)}>
              {entries.length - shown} more
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Name({ name }: { name: string | null }) {
  return name === null ? null : <span className={css.name}>{name}:&nbsp;</span>;
}

function Scalar({ value }: { value: unknown }) {
  if (value === null) return <span className="dim">null</span>;
  if (typeof value === 'string') {
    return <span className={css.string}>{value === '' ? '""' : <IdText text={value.slice(0, 10_000)} />}</span>;
  }
  return <span className={css[typeof value]}>{String(value)}</span>;
}

function entriesOf(value: unknown): [string, unknown][] | null {
  return typeof value === 'object' && value !== null ? Object.entries(value) : null;
}
