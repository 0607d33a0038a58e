import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconEye, IconEyeOff, IconListSearch, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { DocumentIndex } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { bytes, count, dateTime } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { parseEjson } from '../bson/bson.ts';
import { quoted, shellLine } from '../bson/shell.ts';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { askCreateIndex } from './create-index.tsx';

/** The indexes of a collection: what they cover, weigh, and whether anyone uses them. */
export function IndexesTab({ place }: { place: CollectionPlace }) {
  const { server } = usePlace();
  const queries = useQueryClient();
  const queryKey = ['documents', place, 'indexes'];
  const indexes = useQuery({ queryKey, queryFn: ({ signal }) => api.documents.indexes(place, { signal }) });
  const renew = () => void queries.invalidateQueries({ queryKey });
  const create = () => askCreateIndex(place, renew);
  return (
    <>
      <Toolbar label="Indexes">
        <Button leftSection={<IconPlus size={14} />} onClick={create}>
          Create index…
        </Button>
        <Spring />
        <span className="dim">{server?.can.indexUsage === false ? `${server.program} does not count how often an index is used` : ''}</span>
      </Toolbar>
      {indexes.isError ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(indexes.error)} />
        </div>
      ) : null}
      {indexes.data?.length === 0 ? (
        <EmptyState
          icon={IconListSearch}
          line="This collection has no indexes: every query reads all of it."
          button={<Button onClick={create}>Create an index</Button>}
        />
      ) : null}
      {indexes.data && indexes.data.length > 0 ? (
        <div className={css.scroll}>
          <table className={css.table} data-testid="indexes">
            <thead>
              <tr>
                <th>Name</th>
                <th>Keys</th>
                <th>Kind</th>
                <th className={css.right}>Size</th>
                <th className={css.right}>Uses</th>
                <th aria-label="Acts" />
              </tr>
            </thead>
            <tbody>
              {indexes.data.map((index) => (
                <IndexRow key={index.name} place={place} index={index} renew={renew} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}

function IndexRow({ place, index, renew }: { place: CollectionPlace; index: DocumentIndex; renew: () => void }) {
  const { server } = usePlace();
  const { name, unique, sparse, hidden, expires, partial, uses, since } = index;
  const kinds = [
    unique ? 'unique' : '',
    sparse ? 'sparse' : '',
    hidden ? 'hidden' : '',
    expires === null ? '' : `expires after ${count(expires)} s`,
    partial === null ? '' : `where ${shellLine(parseEjson(partial), 120)}`,
  ];
  const drop = () =>
    askLoss({
      title: `Drop the index ${name}?`,
      losses: [
        `the index ${name}${index.bytes === null ? '' : `, ${bytes(index.bytes)}`}; queries that use it read the whole collection then`,
      ],
      statements: `db.getCollection(${quoted(place.collection)}).dropIndex(${quoted(name)})`,
      button: `Drop the index ${name}`,
      act: async () => {
        await api.documents.dropIndex({ ...place, name });
        renew();
      },
    });
  const hide = () => void api.documents.hideIndex({ ...place, name, hidden: !hidden }).then(renew, tell);
  const own = name === '_id_';
  return (
    <tr data-dim={hidden || undefined}>
      <td className="mono">{name}</td>
      <td className="mono">{shellLine(parseEjson(index.keys), 200)}</td>
      <td>{kinds.filter(Boolean).join(', ')}</td>
      <td className={`${css.right} num`}>{index.bytes === null ? '' : bytes(index.bytes)}</td>
      <td className={`${css.right} num`} title={since === null ? undefined : `since ${dateTime(since, 'local')}`}>
        {uses === null ? <span className="dim">not counted</span> : uses === 0 ? 'never' : count(uses)}
      </td>
      <td className={css.acts}>
        {own ? null : (
          <>
            {server?.can.transactions ? (
              <Tooltip label={hidden ? 'Let queries use it again' : 'Hide it from queries, to see whether it is missed'}>
                <ActionIcon size={24} aria-label={hidden ? `Show ${name}` : `Hide ${name}`} onClick={hide}>
                  {hidden ? <IconEye size={14} /> : <IconEyeOff size={14} />}
                </ActionIcon>
              </Tooltip>
            ) : null}
            <Tooltip label="Drop">
              <ActionIcon size={24} aria-label={`Drop ${name}`} onClick={drop}>
                <IconTrash size={14} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </td>
    </tr>
  );
}
