import { IconFileText, IconGitBranch, IconSitemap, IconTable } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ColumnFilter } from '../../../preload/contract/sql.ts';
import { api } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { askLoss } from '../../ui/ask.tsx';
import { plural } from '../../ui/format.ts';
import { Panes } from '../../ui/panes.tsx';
import { PanelTabs } from '../../ui/tabs.tsx';
import { CatalogTree } from './catalog/catalog-tree.tsx';
import { catalogKey, tableOf, useCatalog } from './catalog/use-catalog.ts';
import { DiagramTab } from './diagram/diagram-tab.tsx';
import { PlanTab } from './plan/plan-tab.tsx';
import { QueryTab } from './query/query-tab.tsx';
import type { OpenedValue } from './results/result-grid.tsx';
import { ValuePane } from './results/value-pane.tsx';
import { sqlSearch } from './search.ts';
import css from './sql.module.css';
import { changeCount, noEdits } from './table/edits.ts';
import { setEdits, usePending } from './table/pending.ts';
import { type RowInSight, RowInspector } from './table/row-inspector.tsx';
import { TableTab } from './table/table-tab.tsx';
import { diagramTab, labelOf, type OpenTab, planTab, tableTab } from './tabs/open-tabs.ts';
import { forgetDraft } from './tabs/use-draft.ts';
import { type OpenTabs, useOpenTabs } from './tabs/use-open-tabs.ts';

const icons = { query: IconFileText, table: IconTable, diagram: IconSitemap, plan: IconGitBranch };

/** The panel for one PostgreSQL: its schema, what is open of it, and what is chosen there. */
export function Workspace({ service }: { service: string }) {
  const { stack } = useStack();
  const open = useOpenTabs(stack, service);
  return open === null ? null : <OpenWorkspace stack={stack} service={service} open={open} />;
}

function OpenWorkspace({ stack, service, open }: { stack: string; service: string; open: OpenTabs }) {
  const search = useSearch({ from: '/sql' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const catalog = useCatalog(stack, service);
  const pending = usePending();
  /** What is chosen, with the tab it is chosen in. */
  const [value, setValue] = useState<{ tab: string; value: OpenedValue } | null>(null);
  const [row, setRow] = useState<{ tab: string; row: RowInSight } | null>(null);
  const { active } = open;
  const refresh = () => void queries.invalidateQueries({ queryKey: catalogKey(stack, service) });
  const showTable = (schema: string, table: string, filters: ColumnFilter[] = []) => {
    const tab = tableTab(schema, table);
    if (tab.id !== active?.id || filters.length > 0) open.show(tab, { filters });
  };
  const close = (id: string) => void closeTab(id, open, pending.get(id) ?? noEdits, { stack, service });

  const main = (tab: OpenTab) => {
    switch (tab.kind) {
      case 'query':
        return (
          <QueryTab
            key={tab.id}
            stack={stack}
            service={service}
            id={tab.id}
            name={tab.name}
            catalog={catalog.data}
            onName={(name) => open.rename(tab.id, name)}
            onValue={(next) => setValue(next && { tab: tab.id, value: next })}
            onSchemaChange={refresh}
          />
        );
      case 'table':
        return (
          <TableTab
            key={tab.id}
            stack={stack}
            service={service}
            tab={tab.id}
            schema={tab.schema}
            table={tab.table}
            catalog={tableOf(catalog.data, tab.schema, tab.table)}
            filters={search.filters ?? []}
            sort={search.sort}
            onView={(view) => void navigate({ to: '/sql', search: sqlSearch({ ...search, ...view }) })}
            onFollow={showTable}
            onRow={(next) => setRow(next && { tab: tab.id, row: next })}
          />
        );
      case 'diagram':
        return <DiagramTab key={tab.id} catalog={catalog.data} schema={tab.schema} onTable={showTable} />;
      case 'plan':
        return <PlanTab stack={stack} />;
    }
  };

  return (
    <Panes
      id="sql"
      tree={
        <CatalogTree
          catalog={catalog.data}
          error={catalog.error}
          reading={catalog.isFetching}
          active={active?.kind === 'table' ? active : null}
          onRefresh={refresh}
          onTable={showTable}
          onDiagram={(schema) => open.show(diagramTab(schema))}
          onPlan={() => open.show(planTab)}
        />
      }
      inspector={
        active?.kind === 'table' ? (
          <RowInspector
            stack={stack}
            service={service}
            schema={active.schema}
            table={active.table}
            catalog={tableOf(catalog.data, active.schema, active.table)}
            row={row?.tab === active.id ? row.row : null}
            onTable={showTable}
            onClose={() => setRow(null)}
          />
        ) : active?.kind === 'query' && value?.tab === active.id ? (
          <ValuePane {...value.value} onClose={() => setValue(null)} />
        ) : null
      }
    >
      <div className={css.column}>
        <PanelTabs
          label="Open tables and queries"
          tabs={open.tabs.map((tab) => ({ id: tab.id, label: labelOf(tab), icon: icons[tab.kind], dirty: pending.has(tab.id) }))}
          active={active?.id ?? null}
          onChange={open.showId}
          onClose={close}
          onAdd={() => open.addQuery()}
        />
        <div className={css.main}>{active ? main(active) : null}</div>
      </div>
    </Panes>
  );
}

/** Asks first when something would be lost: edits that are not saved, a transaction that is open. */
async function closeTab(id: string, open: OpenTabs, edits: typeof noEdits, place: { stack: string; service: string }): Promise<void> {
  const tab = open.tabs.find((each) => each.id === id);
  if (!tab) return;
  const close = () => {
    setEdits(id, noEdits);
    open.close(id);
    if (tab.kind !== 'query') return;
    forgetDraft(place.stack, id);
    api.sql.closeTab({ ...place, tab: id }).catch(() => undefined);
  };
  const losses: string[] = [];
  if (changeCount(edits) > 0) losses.push(`${plural(changeCount(edits), 'change')} of ${labelOf(tab)} that are not saved.`);
  if (tab.kind === 'query') {
    const held = await api.sql.tab({ ...place, tab: id }).catch(() => null);
    if (held && held.transaction !== 'none') losses.push('The open transaction: all it has changed is rolled back.');
    if (held?.run?.state === 'running') losses.push('The statement that runs: it is cancelled.');
  }
  if (losses.length === 0) close();
  else askLoss({ title: `Close ${labelOf(tab)}`, losses, button: 'Close and lose this', act: close });
}
