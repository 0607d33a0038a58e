import type { TailFrom } from '../../../preload/contract/index.ts';

export const topicTabs = ['messages', 'subscriptions', 'publish', 'dead-letters', 'schema', 'settings'] as const;
export type TopicTab = (typeof topicTabs)[number];

/** What the topics panel shows, kept in the address. */
export interface TopicsSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
  /** `tenant/namespace`, while no topic is chosen. */
  namespace?: string;
  /** In full: `persistent://tenant/namespace/name`. */
  topic?: string;
  tab?: TopicTab;
  /** Where the tail begins, as `fromText` writes it; none: the last hundred messages. */
  from?: string;
  filter?: string;
  /** Id of the message that is looked at. */
  message?: string;
  /** The subscription that is looked at. */
  subscription?: string;
  /** Id of a saved template that is to be opened; gone once it is. */
  template?: string;
}

const texts = ['service', 'namespace', 'topic', 'from', 'filter', 'message', 'subscription', 'template'] as const;

export function topicsSearch(search: Record<string, unknown>): TopicsSearch {
  const read: TopicsSearch = {};
  for (const name of texts) {
    const value = search[name];
    if (typeof value === 'string' && value !== '' && value.length <= 4_000) read[name] = value;
  }
  const tab = topicTabs.find((each) => each === search.tab);
  if (tab !== undefined) read.tab = tab;
  return read;
}

export const defaultFrom: TailFrom = { kind: 'last', count: 100 };

/** `latest`, `earliest`, `last:100`, `time:2026-01-31T12:00:00.000Z`, `id:8:42`. */
export function fromText(from: TailFrom): string {
  switch (from.kind) {
    case 'last':
      return `last:${from.count}`;
    case 'time':
      return `time:${new Date(from.time).toISOString()}`;
    case 'id':
      return `id:${from.id}`;
    default:
      return from.kind;
  }
}

/** What cannot be understood is the default. */
export function parseFrom(text: string | undefined): TailFrom {
  if (text === 'latest' || text === 'earliest') return { kind: text };
  const [, kind, rest] = /^(last|time|id):(.+)$/.exec(text ?? '') ?? [];
  if (kind === 'last' && /^\d{1,5}$/.test(rest!)) return { kind, count: Math.min(10_000, Math.max(1, Number(rest))) };
  if (kind === 'time' && Number.isFinite(Date.parse(rest!))) return { kind, time: Math.max(0, Date.parse(rest!)) };
  if (kind === 'id') return { kind, id: rest!.slice(0, 200) };
  return defaultFrom;
}
