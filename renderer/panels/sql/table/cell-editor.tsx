import { Button, Portal } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { NewValue } from '../../../../preload/contract/sql.ts';
import css from '../sql.module.css';

interface CellEditorProps {
  /** Where the cell is drawn. */
  box: DOMRect;
  name: string;
  type: string;
  value: string | null;
  nullable: boolean;
  /** Offers the column's default. */
  withDefault: boolean;
  onDone: (value: NewValue) => void;
  onCancel: () => void;
}

/** Types a value over its cell: Enter keeps it, Shift-Enter begins a line, Escape leaves it as it was. */
export function CellEditor({ box, name, type, value, nullable, withDefault, onDone, onCancel }: CellEditorProps) {
  const [text, setText] = useState(value ?? '');
  const touched = useRef(false);
  const done = useRef(false);
  const finish = (act: () => void) => {
    if (done.current) return;
    done.current = true;
    act();
  };
  const keep = () => finish(() => (touched.current || value !== null ? onDone({ value: text }) : onCancel()));
  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (!(event.target as Element).closest(`.${css.cellEditor}`)) keep();
    };
    window.addEventListener('pointerdown', away, true);
    return () => window.removeEventListener('pointerdown', away, true);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') finish(onCancel);
    else if ((event.key === 'Enter' && !event.shiftKey) || (event.key === 'Tab' && !event.shiftKey)) {
      event.preventDefault();
      // An Enter on what was NULL and was not touched means the empty text no more than it means NULL.
      keep();
    }
  };
  const lines = Math.min(12, Math.max(1, text.split('\n').length, Math.ceil(text.length / 60)));
  const width = Math.max(box.width, lines > 1 ? 420 : 240);
  return (
    <Portal>
      <div
        className={css.cellEditor}
        style={{
          left: Math.max(4, Math.min(box.left, window.innerWidth - width - 12)),
          top: Math.max(4, Math.min(box.top, window.innerHeight - lines * 18 - 60)),
          width,
        }}
      >
        <textarea
          ref={begin}
          aria-label={`${name}, ${type}`}
          value={text}
          rows={lines}
          spellCheck={false}
          placeholder={value === null ? 'NULL' : ''}
          onChange={(event) => {
            touched.current = true;
            setText(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
        <div className={css.cellEditorFoot}>
          <span className="dim cut">Enter keeps, Escape leaves</span>
          {nullable ? (
            <Button size="compact-xs" variant="default" onClick={() => finish(() => onDone({ value: null }))}>
              NULL
            </Button>
          ) : null}
          {withDefault ? (
            <Button size="compact-xs" variant="default" onClick={() => finish(() => onDone({ default: true }))}>
              Default
            </Button>
          ) : null}
        </div>
      </div>
    </Portal>
  );
}

/** A portal's children come later than the component that has it: the field takes the keys as soon as it is there. */
function begin(field: HTMLTextAreaElement | null): void {
  field?.focus();
  field?.select();
}

/** Where the chosen cell of a grid is drawn; undefined while it is out of sight. */
export function cellBox(grid: HTMLElement | null): DOMRect | undefined {
  const id = grid?.querySelector('[role="grid"]')?.getAttribute('aria-activedescendant');
  return id ? document.getElementById(id)?.getBoundingClientRect() : undefined;
}
