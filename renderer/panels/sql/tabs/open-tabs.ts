/** What is open in the panel, and which of it is in sight: pure. */
import type { SqlSearch } from '../search.ts';

export type OpenTab =
  | { kind: 'query'; id: string; name: string }
  | { kind: 'table'; id: string; schema: string; table: string }
  | { kind: 'diagram'; id: string; schema: string }
  | { kind: 'plan'; id: string };

export function tableTab(schema: string, table: string): OpenTab {
  return { kind: 'table', id: `table:${JSON.stringify([schema, table])}`, schema, table };
}

export function diagramTab(schema: string): OpenTab {
  return { kind: 'diagram', id: `diagram:${schema}`, schema };
}

export const planTab: OpenTab = { kind: 'plan', id: 'plan' };

/** The tab that an address asks for; undefined: any. */
export function wantedTab({ view, schema, table, tab }: SqlSearch, open: readonly OpenTab[]): OpenTab | undefined {
  if (table !== undefined) return tableTab(schema ?? 'public', table);
  if (view === 'diagram') return diagramTab(schema ?? 'public');
  if (view === 'plan') return planTab;
  return open.find(({ id }) => id === tab);
}

/** The address of a tab; a table that is opened anew begins without filters. */
export function searchOf(tab: OpenTab | undefined): Omit<SqlSearch, 'service'> {
  switch (tab?.kind) {
    case 'query':
      return { tab: tab.id };
    case 'table':
      return { schema: tab.schema, table: tab.table };
    case 'diagram':
      return { view: 'diagram', schema: tab.schema };
    case 'plan':
      return { view: 'plan' };
    case undefined:
      return {};
  }
}

export function labelOf(tab: OpenTab): string {
  switch (tab.kind) {
    case 'query':
      return tab.name;
    case 'table':
      return tab.schema === 'public' ? tab.table : `${tab.schema}.${tab.table}`;
    case 'diagram':
      return `Diagram of ${tab.schema}`;
    case 'plan':
      return 'Pasted plan';
  }
}

/** The next name that no tab has: "Query 3". */
export function nextName(open: readonly OpenTab[]): string {
  const taken = new Set(open.map(labelOf));
  for (let number = 1; ; number++) if (!taken.has(`Query ${number}`)) return `Query ${number}`;
}

/** @returns the tabs without one, and the one that comes into sight in its place */
export function without(open: readonly OpenTab[], id: string): { left: OpenTab[]; next: OpenTab | undefined } {
  const at = open.findIndex((tab) => tab.id === id);
  const left = open.filter((tab) => tab.id !== id);
  return { left, next: left[Math.min(Math.max(0, at), left.length - 1)] };
}

/** What was kept of an earlier window; nothing of it when it cannot be read. */
export function parseTabs(body: string): OpenTab[] {
  try {
    const kept: unknown = JSON.parse(body);
    return Array.isArray(kept) ? kept.filter(isTab) : [];
  } catch {
    return [];
  }
}

function isTab(given: unknown): given is OpenTab {
  if (typeof given !== 'object' || given === null || !('id' in given) || typeof given.id !== 'string' || !('kind' in given)) return false;
  const text = (key: string) => key in given && typeof (given as Record<string, unknown>)[key] === 'string';
  if (given.kind === 'query') return text('name');
  if (given.kind === 'table') return text('schema') && text('table');
  return given.kind === 'diagram' ? text('schema') : given.kind === 'plan';
}
