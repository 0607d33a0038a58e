import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { plural } from '../../../ui/format.ts';
import css from '../sql.module.css';

/** Saves or drops the edits of a table, as long as there are some. */
export function PendingActions({ changes, onReview, onDiscard }: { changes: number; onReview: () => void; onDiscard: () => void }) {
  if (changes === 0) return null;
  return (
    <>
      <span className={css.transaction} data-state="open" role="status">
        {plural(changes, 'change')} not saved
      </span>
      <Button onClick={onReview}>Review and save</Button>
      <Button variant="default" onClick={onDiscard}>
        Discard
      </Button>
    </>
  );
}

/** Adds a row, or marks one for deletion. */
export function RowActions({ onAdd, onDelete }: { onAdd: () => void; onDelete: (() => void) | undefined }) {
  return (
    <>
      <Tooltip label="Add a row">
        <ActionIcon aria-label="Add a row" onClick={onAdd}>
          <IconPlus size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Delete the row, when saved (Delete)">
        <ActionIcon aria-label="Delete the row" disabled={onDelete === undefined} onClick={onDelete}>
          <IconTrash size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
