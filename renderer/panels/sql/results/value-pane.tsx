import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ResultColumn, SqlCell, WholeValue } from '../../../../preload/contract/sql.ts';
import { tell } from '../../../api/actions.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import { shortType } from '../catalog/short-type.ts';
import css from '../sql.module.css';

interface ValuePaneProps {
  column: ResultColumn;
  value: SqlCell | undefined;
  /** Names the value: another one is fetched anew. */
  id: string;
  whole: (all: boolean) => Promise<WholeValue>;
  onClose: () => void;
}

/** One value of a grid, whole. What came with its page is shown at once; a long or binary one is fetched. */
export function ValuePane({ column, value, id, whole, onClose }: ValuePaneProps) {
  const [fetched, setFetched] = useState<{ id: string; value: WholeValue } | null>(null);
  const needed = value !== undefined && value !== null && (typeof value !== 'string' || column.kind === 'binary');
  const load = (all: boolean) => whole(all).then((got) => setFetched({ id, value: got }), tell);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id names what is fetched
  useEffect(() => {
    if (needed) void load(false);
  }, [id, needed]);
  const got = fetched?.id === id ? fetched.value : null;
  return (
    <div className={css.column}>
      <PaneHead
        title={
          <>
            {column.name} <span className="dim">{shortType(column.type)}</span>
          </>
        }
      >
        <ActionIcon size={24} aria-label="Close the value" onClick={onClose}>
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      {value === null ? <div className={css.nothing}>NULL: there is no value.</div> : null}
      {value === '' ? <div className={css.nothing}>An empty text.</div> : null}
      {typeof value === 'string' && value !== '' && !needed ? (
        <ValueView text={value} kind={column.kind === 'json' ? 'json' : 'text'} bytes={new Blob([value]).size} />
      ) : null}
      {needed && got ? (
        <ValueView
          text={got.text}
          base64={got.base64}
          kind={column.kind === 'json' ? 'json' : column.kind === 'binary' ? 'binary' : 'text'}
          bytes={got.bytes}
          cut={got.cut}
          onWhole={() => void load(true)}
        />
      ) : null}
    </div>
  );
}
