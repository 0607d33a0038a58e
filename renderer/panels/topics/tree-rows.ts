import { IconBuilding, IconFolder, IconGhost2, IconMailOff, IconMessages, IconStack2 } from '@tabler/icons-react';
import type { TopicEntry } from '../../../preload/contract/index.ts';
import type { TreeRow } from '../../ui/tree.tsx';
import { partsOf } from './names.ts';

export interface Catalog {
  readonly tenants: readonly { readonly tenant: string; readonly namespaces: readonly string[] }[];
  /** Topics of the namespaces that were opened. */
  readonly topics: ReadonlyMap<string, readonly TopicEntry[]>;
}

export type NodeId =
  | { readonly kind: 'tenant'; readonly tenant: string }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'topic'; readonly topic: string };

export function nodeOf(id: string): NodeId {
  if (id.startsWith('tenant:')) return { kind: 'tenant', tenant: id.slice('tenant:'.length) };
  if (id.startsWith('namespace:')) return { kind: 'namespace', namespace: id.slice('namespace:'.length) };
  return { kind: 'topic', topic: id };
}

/** Rows as they stand below each other. @param closed ids that a person has closed or opened against what is usual @param filter part of a topic's name, without regard to case; then only what leads to one is shown, opened */
export function treeRows(catalog: Catalog, isOpen: (id: string) => boolean, filter: string): TreeRow[] {
  const wanted = filter.trim().toLowerCase();
  const rows: TreeRow[] = [];
  for (const { tenant, namespaces } of catalog.tenants) {
    const before = rows.length;
    const id = `tenant:${tenant}`;
    const open = wanted !== '' || isOpen(id);
    rows.push({ id, depth: 0, label: tenant, state: namespaces.length === 0 ? 'leaf' : open ? 'open' : 'closed', icon: IconBuilding });
    if (open) for (const namespace of namespaces) addNamespace(rows, catalog, namespace, isOpen, wanted);
    if (wanted !== '' && rows.length === before + 1) rows.pop();
  }
  return rows;
}

function addNamespace(rows: TreeRow[], catalog: Catalog, namespace: string, isOpen: (id: string) => boolean, wanted: string): void {
  const id = `namespace:${namespace}`;
  const topics = catalog.topics.get(namespace);
  const found = topics?.filter(({ topic }) => wanted === '' || partsOf(topic).name.toLowerCase().includes(wanted));
  if (wanted !== '' && (found === undefined || found.length === 0)) return;
  const open = wanted !== '' || isOpen(id);
  rows.push({
    id,
    depth: 1,
    label: namespace.slice(namespace.indexOf('/') + 1),
    state: !open ? 'closed' : topics === undefined ? 'loading' : topics.length === 0 ? 'leaf' : 'open',
    icon: IconFolder,
    hint: topics === undefined ? undefined : String(topics.length),
  });
  if (!open) return;
  for (const entry of found ?? []) addTopic(rows, entry, isOpen);
}

function addTopic(rows: TreeRow[], { topic, partitions, deadLetter }: TopicEntry, isOpen: (id: string) => boolean): void {
  const open = partitions > 0 && isOpen(topic);
  rows.push({
    id: topic,
    depth: 2,
    label: partsOf(topic).name,
    state: partitions === 0 ? 'leaf' : open ? 'open' : 'closed',
    icon: deadLetter === null ? (partitions > 0 ? IconStack2 : IconMessages) : deadLetter.kind === 'retry' ? IconGhost2 : IconMailOff,
    hue: deadLetter === null ? 'var(--nb-pulsar)' : undefined,
    hint: partitions > 0 ? `${partitions}` : undefined,
  });
  if (!open) return;
  for (let number = 0; number < partitions; number++) {
    rows.push({ id: `${topic}-partition-${number}`, depth: 3, label: `partition ${number}`, state: 'leaf', icon: IconMessages, dim: true });
  }
}
