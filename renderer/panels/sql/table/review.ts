import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { askLoss, askPreview } from '../../../ui/ask.tsx';
import { plural } from '../../../ui/format.ts';
import { changesOf, type Edits } from './edits.ts';

interface Review {
  place: { stack: string; service: string; schema: string; table: string };
  edits: Edits;
  onSaved: () => void;
}

/** Shows the script that the edits are, and runs it in one transaction when that is wanted. */
export function reviewChanges({ place, edits, onSaved }: Review): void {
  const changes = changesOf(edits);
  const deletes = edits.deletes.size;
  const act = async () => {
    await api.sql.table.apply({ ...place, changes });
    onSaved();
  };
  const intro = 'One transaction: all of it happens, or nothing. A row that someone else has changed meanwhile stops it.';
  api.sql.table.preview({ ...place, changes }).then(({ statements }) => {
    const title = `Changes of ${place.table}`;
    if (deletes === 0) return askPreview({ title, intro, statements, button: `Save ${plural(changes.length, 'change')}`, act });
    const rest = changes.length - deletes;
    askLoss({
      title,
      intro,
      losses: [`${plural(deletes, 'row')} of ${place.schema}.${place.table}.`],
      statements,
      button: `Delete ${plural(deletes, 'row')}${rest > 0 ? `, save ${plural(rest, 'change')}` : ''}`,
      act,
    });
  }, tell);
}
