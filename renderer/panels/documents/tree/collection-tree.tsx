import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconDatabase, IconEye, IconFileCode, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, problemOf } from '../../../api/client.ts';
import { bytes, count } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { Tree, type TreeRow } from '../../../ui/tree.tsx';
import css from '../documents.module.css';
import { usePlace } from '../place.tsx';
import { askCreateCollection } from './collection-dialogs.tsx';
import { CollectionMenu } from './collection-menu.tsx';
import { useDatabases, useSizes } from './use-catalog.ts';

interface Node {
  readonly row: TreeRow;
  readonly database: string;
  readonly collection?: string;
}

/** Databases and their collections, with how many documents they hold. */
export function CollectionTree() {
  const { stack, service, server, search, go } = usePlace();
  const queries = useQueryClient();
  const databases = useDatabases();
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({});
  const [narrow, setNarrow] = useState('');
  const shownDatabase = search.db ?? server?.database;
  const isOpen = (name: string) => toggled[name] ?? name === shownDatabase;
  const open = (databases.data ?? []).filter(({ name }) => isOpen(name)).map(({ name }) => name);
  const collections = useQueries({
    queries: open.map((database) => ({
      queryKey: ['documents', stack, service, 'collections', database],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.documents.collections({ stack, service, database }, { signal }),
      refetchInterval: 30_000,
    })),
  });
  const shown = collections[open.indexOf(shownDatabase ?? '')]?.data ?? [];
  const sizes = useSizes(
    shownDatabase,
    shown.filter(({ type }) => type !== 'view').map(({ name }) => name),
  );
  const sizeOf = new Map(sizes.data?.map((each) => [each.name, each]));

  const nodes: Node[] = [];
  for (const { name: database, bytes: size, system } of databases.data ?? []) {
    const index = open.indexOf(database);
    const inside = index < 0 ? undefined : collections[index]!;
    const state = index < 0 ? 'closed' : inside!.isPending ? 'loading' : 'open';
    nodes.push({
      row: {
        id: database,
        depth: 0,
        label: database,
        state,
        icon: IconDatabase,
        hue: 'var(--nb-mongodb)',
        hint: size === null ? undefined : bytes(size),
        dim: system,
      },
      database,
    });
    for (const { name, type } of inside?.data ?? []) {
      if (narrow !== '' && !name.toLowerCase().includes(narrow.toLowerCase())) continue;
      const known = database === shownDatabase ? sizeOf.get(name) : undefined;
      nodes.push({
        row: {
          id: `${database}/${name}`,
          depth: 1,
          label: name,
          state: 'leaf',
          icon: type === 'view' ? IconEye : IconFileCode,
          hint: known === undefined ? (type === 'view' ? 'view' : undefined) : count(known.documents),
          dim: /^(system\.|noodlebox_)/.test(name),
        },
        database,
        collection: name,
      });
    }
  }
  const nodeOf = (id: string) => nodes.find(({ row }) => row.id === id);
  const choose = (id: string) => {
    const node = nodeOf(id);
    if (node?.collection === undefined) return;
    if (node.collection === search.coll && node.database === shownDatabase) return;
    go({ db: node.database, coll: node.collection, filter: '', project: '', sort: '', collation: '', at: undefined });
  };
  const toggle = (database: string) => setToggled({ ...toggled, [database]: !isOpen(database) });
  const selected = search.coll === undefined ? null : `${shownDatabase}/${search.coll}`;

  return (
    <div className={css.tree}>
      <PaneHead title="Collections">
        <Tooltip label="Create a collection">
          <ActionIcon
            size={24}
            aria-label="Create a collection"
            disabled={shownDatabase === undefined}
            onClick={() =>
              askCreateCollection({ stack, service, database: shownDatabase! }, (name) => go({ db: shownDatabase, coll: name }))
            }
          >
            <IconPlus size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Look again">
          <ActionIcon
            size={24}
            aria-label="Look again"
            onClick={() => void queries.invalidateQueries({ queryKey: ['documents', stack, service] })}
          >
            <IconRefresh size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        {search.coll !== undefined && shownDatabase !== undefined ? (
          <CollectionMenu
            place={{ stack, service, database: shownDatabase, collection: search.coll }}
            view={shown.find(({ name }) => name === search.coll)?.type === 'view'}
          />
        ) : null}
      </PaneHead>
      <div className={css.narrow}>
        <TextInput
          size="xs"
          placeholder="Narrow by name"
          aria-label="Narrow collections by name"
          value={narrow}
          onChange={(event) => setNarrow(event.currentTarget.value)}
        />
      </div>
      {databases.isError ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(databases.error)} />
        </div>
      ) : (
        <Tree
          label="Databases and collections"
          count={nodes.length}
          rowAt={(index) => nodes[index]?.row}
          selected={selected}
          onSelect={(id) => (nodeOf(id)?.collection === undefined ? undefined : choose(id))}
          onToggle={toggle}
          onOpen={(id) => (nodeOf(id)?.collection === undefined ? toggle(id) : choose(id))}
          empty={databases.isPending ? <span /> : <span className="dim">No database holds anything yet.</span>}
          testId="documents-tree"
        />
      )}
    </div>
  );
}
