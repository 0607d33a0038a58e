import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { tell } from '../../api/actions.tsx';
import { api, problemOf } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { Panes } from '../../ui/panes.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { ServiceGate } from '../../ui/service-gate.tsx';
import { DeadLetterTopics } from './dead-letters/dead-letter-topics.tsx';
import { NamespaceView } from './namespace-view.tsx';
import { keepDraft, readTemplate } from './publish/draft.ts';
import { type TopicsSearch, topicsSearch } from './search.ts';
import { TopicTree } from './topic-tree.tsx';
import { TopicView } from './topic-view.tsx';
import css from './topics.module.css';
import { type Place, useCatalog } from './use-catalog.ts';

export function TopicsPanel() {
  const search = useSearch({ from: '/topics' });
  const { stack } = useStack();
  return (
    <ServiceGate kind="pulsar" service={search.service}>
      {(service) => <Topics place={{ stack, service }} />}
    </ServiceGate>
  );
}

/** How the panel's pieces change what is shown: the address says it all. */
export type Show = (change: TopicsSearch, options?: { replace?: boolean }) => void;

function Topics({ place }: { place: Place }) {
  const search = useSearch({ from: '/topics' });
  const navigate = useNavigate();
  const { catalog, problem } = useCatalog(place);
  const show: Show = (change, { replace = false } = {}) =>
    void navigate({ to: '/topics', search: (before) => topicsSearch({ ...before, ...change }), replace });

  useTemplate(place, search.template, show);

  if (problem && !catalog) {
    return (
      <div className={css.aside}>
        <ProblemBox problem={problemOf(problem)} />
      </div>
    );
  }
  const { topic, namespace = 'public/default', tab } = search;
  return (
    <Panes id="topics" tree={<TopicTree place={place} catalog={catalog} search={search} show={show} />}>
      {topic !== undefined ? (
        <TopicView key={topic} place={place} topic={topic} search={search} show={show} />
      ) : tab === 'dead-letters' ? (
        <DeadLetterTopics place={place} show={show} />
      ) : (
        <NamespaceView key={namespace} place={place} namespace={namespace} topics={catalog?.topics.get(namespace)} show={show} />
      )}
    </Panes>
  );
}

/** A template that was chosen elsewhere is laid out to be published. */
function useTemplate(place: Place, id: string | undefined, show: Show): void {
  const { stack } = place;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each template that is asked for
  useEffect(() => {
    if (id === undefined) return;
    const open = async () => {
      const item = (await api.notebook.saved({ stack, panel: 'topics', kind: 'template' })).find((each) => each.id === id);
      const { draft, topic } = readTemplate(item?.body ?? '');
      if (topic !== undefined) keepDraft(place, topic, draft);
      show(topic === undefined ? { template: undefined } : { template: undefined, topic, tab: 'publish', message: undefined }, {
        replace: true,
      });
    };
    open().catch(tell);
  }, [id]);
}
