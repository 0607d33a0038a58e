import { Button } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panes } from '../../ui/panes.tsx';
import { PanelTabs } from '../../ui/tabs.tsx';
import { AggregationTab } from './aggregation/aggregation-tab.tsx';
import { DocumentsTab } from './documents/documents-tab.tsx';
import css from './documents.module.css';
import { ExplainTab } from './explain/explain-tab.tsx';
import { IndexesTab } from './indexes/indexes-tab.tsx';
import { type CollectionPlace, usePlace } from './place.tsx';
import { SchemaTab } from './schema/schema-tab.tsx';
import type { DocumentTab } from './search.ts';
import { CollectionTree } from './tree/collection-tree.tsx';
import { useCollections } from './tree/use-catalog.ts';
import { ServerNotes } from './ui/server-notes.tsx';
import { ValidationTab } from './validation/validation-tab.tsx';
import { WatchTab } from './watch/watch-tab.tsx';

const tabs: readonly { id: DocumentTab; label: string }[] = [
  { id: 'documents', label: 'Documents' },
  { id: 'aggregation', label: 'Aggregation' },
  { id: 'schema', label: 'Schema' },
  { id: 'indexes', label: 'Indexes' },
  { id: 'validation', label: 'Validation' },
  { id: 'explain', label: 'Explain' },
  { id: 'watch', label: 'Changes' },
];

/** tree | the collection, a tab for each way to look at it | what a tab wants to show beside it. */
export function DocumentsLayout() {
  const { stack, service, server, search, go } = usePlace();
  const [inspector, setInspector] = useState<ReactNode>(null);
  const database = search.db ?? server?.database;
  const tab = search.tab ?? 'documents';
  const key = `${database}/${search.coll}/${tab}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands beside belongs to the tab that put it there
  useEffect(() => setInspector(null), [key]);
  const place: CollectionPlace | null =
    database === undefined || search.coll === undefined ? null : { stack, service, database, collection: search.coll };

  return (
    <Panes id="documents" tree={<CollectionTree />} inspector={inspector}>
      {place === null ? (
        <Beginning database={database} />
      ) : (
        <>
          <div className={css.head}>
            <span className={`${css.place} cut`} title={`${place.database}.${place.collection}`}>
              <span className="dim">{place.database} / </span>
              {place.collection}
            </span>
            <ServerNotes />
          </div>
          <PanelTabs
            label="Ways to look at the collection"
            tabs={tabs}
            active={tab}
            onChange={(next) => go({ tab: next as DocumentTab })}
          />
          <div className={css.tab} key={key}>
            {tab === 'documents' ? <DocumentsTab place={place} show={setInspector} /> : null}
            {tab === 'aggregation' ? <AggregationTab place={place} /> : null}
            {tab === 'schema' ? <SchemaTab place={place} show={setInspector} /> : null}
            {tab === 'indexes' ? <IndexesTab place={place} /> : null}
            {tab === 'validation' ? <ValidationTab place={place} /> : null}
            {tab === 'explain' ? <ExplainTab place={place} /> : null}
            {tab === 'watch' ? <WatchTab place={place} show={setInspector} /> : null}
          </div>
        </>
      )}
    </Panes>
  );
}

function Beginning({ database }: { database: string | undefined }) {
  const { go } = usePlace();
  const collections = useCollections(database);
  const first = collections.data?.find(({ type }) => type === 'collection');
  return (
    <EmptyState
      icon={IconDatabase}
      line="Collections of documents, with all that belongs to them: queries, aggregations, indexes, the schema they really have. Choose one at the left."
      button={first === undefined ? undefined : <Button onClick={() => go({ db: database, coll: first.name })}>Open {first.name}</Button>}
      example={`npx noodlebox find ${first?.name ?? 'COLLECTION'} '{ }' --limit 10`}
    />
  );
}
