import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { IdText } from '../../../ui/id-text.tsx';
import type { Bson } from '../bson/bson.ts';
import { typeName } from '../bson/cell.ts';
import { keyText, scalar } from '../bson/shell.ts';
import css from '../documents.module.css';

/** Children drawn of one value before the rest is asked for. */
const step = 100;
const longest = 5_000;

/** A document as a tree that opens, each value with its type. */
export function BsonTree({ value }: { value: Bson }) {
  if (value.kind !== 'object') return <Node name="" value={value} depth={0} />;
  return (
    <div className={css.bson} data-testid="document-tree">
      {value.fields.map(([name, field]) => (
        <Node key={name} name={name} value={field} depth={0} />
      ))}
    </div>
  );
}

function Node({ name, value, depth, element = false }: { name: string; value: Bson; depth: number; element?: boolean }) {
  const label = element ? name : keyText(name);
  const children =
    value.kind === 'object'
      ? value.fields
      : value.kind === 'array'
        ? value.items.map((item, index) => [String(index), item] as const)
        : null;
  const [open, setOpen] = useState(depth < 1 && (children?.length ?? 0) <= 30);
  const [shown, setShown] = useState(step);
  if (children === null) {
    const text = scalar(value as Exclude<Bson, { kind: 'object' | 'array' }>);
    return (
      <div className={css.leaf}>
        <span className={css.name}>{label}:</span>{' '}
        <span className={css[`of-${value.kind}`] ?? css.other}>
          {text.length > 100_000 ? text.slice(0, longest) : <IdText text={text.slice(0, longest)} />}
        </span>
        {text.length > longest ? <span className="dim"> … {text.length.toLocaleString('en')} characters</span> : null}
        <span className={css.type}>{typeName(value)}</span>
      </div>
    );
  }
  const brackets = value.kind === 'array' ? '[]' : '{}';
  return (
    <div>
      <button type="button" className={css.branch} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} stroke={2} aria-hidden className={css.twist} data-open={open || undefined} />
        <span className={css.name}>{label}:</span>
        <span className="dim">{children.length === 0 ? brackets : `${brackets[0]}${children.length}${brackets[1]}`}</span>
      </button>
      {open ? (
        <div className={css.children}>
          {children.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} element={value.kind === 'array'} />
          ))}
          {children.length > shown ? (
            <button type="button" className={css.quiet} onClick={() => setShown(shown + step * 10)}>
              {children.length - shown} more
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
