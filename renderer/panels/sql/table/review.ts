import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { askLoss, askPreview } from '../../../ui/ask.tsx';
import { plural } from '../../../ui/format.ts';
import { changesOf, type Edits } from './edits.ts';

/** Deleted rows whose company is counted. */
const counted = 50;

/** Rows elsewhere that the server deletes with those of the table. */
async function goneWith(place: Review['place'], { deletes }: Edits): Promise<string[]> {
  const rows = [...deletes.values()].slice(0, counted);
  const referrers = (await Promise.all(rows.map(({ key }) => api.sql.table.referrers({ ...place, key })))).flat();
  const sums = new Map<string, { rows: number; more: boolean }>();
  for (const { from, rows: those, more, cascade } of referrers) {
    if (!cascade || those === 0) continue;
    const name = `${from.schema}.${from.table}`;
    const before = sums.get(name);
    sums.set(name, { rows: (before?.rows ?? 0) + those, more: more || (before?.more ?? false) || deletes.size > counted });
  }
  return [...sums].map(
    ([name, { rows: those, more }]) => `${more ? 'At least ' : ''}${plural(those, 'row')} of ${name}, which refer to them.`,
  );
}

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
      losses: async () => [`${plural(deletes, 'row')} of ${place.schema}.${place.table}.`, ...(await goneWith(place, edits))],
      statements,
      button: `Delete ${plural(deletes, 'row')}${rest > 0 ? `, save ${plural(rest, 'change')}` : ''}`,
      act,
    });
  }, tell);
}
