/** What there is: tenants, namespaces, topics. */
import type { TopicEntry } from '../../../preload/contract/topics.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Broker } from './broker.ts';
import { deadLetterOf } from './dead-letters/naming.ts';
import { partitionOf, topicUrl } from './topic.ts';

export interface Catalog {
  namespaces(signal?: AbortSignal): Promise<{ tenant: string; namespaces: string[] }[]>;
  /** @param namespace `tenant/namespace` */
  list(namespace: string, signal?: AbortSignal): Promise<TopicEntry[]>;
  /** Topics of all namespaces, as of `limits.topicsNamesKept` ago at most. */
  all(signal?: AbortSignal): Promise<readonly TopicEntry[]>;
  /** What was remembered is not true any more. */
  forget(): void;
}

export function openCatalog(broker: Broker): Catalog {
  let kept: { readonly at: number; readonly entries: Promise<readonly TopicEntry[]> } | undefined;

  const namespaces = async (signal?: AbortSignal) => {
    const tenants = await broker.get<string[]>(['tenants'], undefined, signal);
    return Promise.all(
      tenants
        .sort()
        .map(async (tenant) => ({ tenant, namespaces: (await broker.get<string[]>(['namespaces', tenant], undefined, signal)).sort() })),
    );
  };

  const list = async (namespace: string, signal?: AbortSignal): Promise<TopicEntry[]> => {
    const [tenant, name] = splitNamespace(namespace);
    const [plain, partitioned] = await Promise.all([
      broker.get<string[]>(['persistent', tenant, name], undefined, signal),
      broker.get<string[]>(['persistent', tenant, name, 'partitioned'], undefined, signal),
    ]);
    return entriesOf(plain, partitioned);
  };

  return {
    namespaces,
    list,
    all(signal) {
      if (kept && Date.now() - kept.at < limits.topicsNamesKept) return kept.entries;
      const entries = namespaces(signal).then(async (tenants) => {
        const lists = await Promise.all(tenants.flatMap(({ namespaces }) => namespaces.map((namespace) => list(namespace, signal))));
        return lists.flat();
      });
      kept = { at: Date.now(), entries };
      entries.catch(() => {
        kept = undefined;
      });
      return entries;
    },
    forget() {
      kept = undefined;
    },
  };
}

/** @throws NoodleError bad-argument */
function splitNamespace(namespace: string): [string, string] {
  const [tenant, name, more] = namespace.split('/');
  if (tenant && name && more === undefined) return [tenant, name];
  throw new NoodleError({ code: 'bad-argument', what: `${JSON.stringify(namespace)} is no namespace.`, todo: 'Write tenant/namespace.' });
}

/** Partitions stand behind the topic they are of; the system's own topics are nobody's business. */
export function entriesOf(plain: readonly string[], partitioned: readonly string[]): TopicEntry[] {
  const counts = new Map(partitioned.map((topic) => [topic, 0]));
  const names: string[] = [];
  for (const topic of plain) {
    const parent = partitionOf(parseName(topic))?.topic;
    const of = parent && topicUrl(parent);
    if (of !== undefined && counts.has(of)) counts.set(of, counts.get(of)! + 1);
    else names.push(topic);
  }
  const known = new Set([...names, ...counts.keys()]);
  return [...known]
    .filter((topic) => !isSystem(topic))
    .sort()
    .map((topic) => ({ topic, partitions: counts.get(topic) ?? 0, deadLetter: deadLetterOf(topic, known) }));
}

/** Names as the broker has them are not all ones that could be asked for. */
function parseName(topic: string) {
  const [tenant = '', namespace = '', ...name] = topic.replace('persistent://', '').split('/');
  return { tenant, namespace, name: name.join('/') };
}

function isSystem(topic: string): boolean {
  const name = topic.slice(topic.lastIndexOf('/') + 1);
  return name.startsWith('__') || name === 'healthcheck';
}
