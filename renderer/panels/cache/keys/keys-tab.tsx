import { IconBolt } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, count } from '../../../ui/format.ts';
import { Panes } from '../../../ui/panes.tsx';
import css from '../cache.module.css';
import { useCacheSearch, useFacts, useTarget } from '../context.ts';
import { ElementInspector } from '../key/element-inspector.tsx';
import type { ChosenElement } from '../key/elements.ts';
import { KeyView } from '../key/key-view.tsx';
import { KeyTree } from './key-tree.tsx';
import { useBrowse } from './use-browse.ts';

/** Keys at the left, the value of one in the middle, one element of it at the right. */
export function KeysTab() {
  const [search, set] = useCacheSearch();
  const target = useTarget();
  const browse = useBrowse(target, search.text ?? '', search.type ?? null, search.list ? '' : ':');
  const [element, setElement] = useState<{ key: string; chosen: ChosenElement } | null>(null);
  const shown = element !== null && element.key === search.key ? element.chosen : null;
  return (
    <Panes
      id="cache"
      tree={<KeyTree browse={browse} />}
      inspector={
        shown !== null && search.key !== undefined ? (
          <ElementInspector
            key={`${search.key}\n${shown.type}\n${shown.row.name}`}
            keyName={search.key}
            chosen={shown}
            onClose={() => setElement(null)}
          />
        ) : null
      }
    >
      {search.key === undefined ? (
        <NothingChosen />
      ) : (
        <KeyView
          key={search.key}
          keyName={search.key}
          chosen={shown}
          onChoose={(chosen) => setElement(chosen === null ? null : { key: search.key!, chosen })}
          onMoved={(key) => {
            set({ key });
            if (key === undefined) setElement(null);
          }}
        />
      )}
    </Panes>
  );
}

/** What the server is and can do, until a key is chosen. */
function NothingChosen() {
  const facts = useFacts();
  return (
    <div className={css.nothing}>
      <EmptyState
        icon={IconBolt}
        line="Choose a key to see its value, its time to live and what it takes."
        example="npx noodlebox redis GET session:…"
      />
      {facts ? (
        <div className={css.about}>
          <Facts
            rows={[
              ['Server', `${facts.product} ${facts.version}`],
              ['Keys', count(facts.keys)],
              ['Memory', facts.maxmemory === 0 ? 'no limit' : `at most ${bytes(facts.maxmemory)}, ${facts.policy}`],
              ['User', facts.user],
            ]}
          />
          {facts.shapes.length > 0 ? (
            <>
              <h3 className={css.subhead}>Kinds of keys</h3>
              <dl className={css.shapes}>
                {facts.shapes.map(({ key, about }) => (
                  <div key={key}>
                    <dt className="mono">{key}</dt>
                    <dd>{about}</dd>
                  </div>
                ))}
              </dl>
            </>
          ) : null}
          <h3 className={css.subhead}>What this server does not do</h3>
          <ul className={css.notes}>
            {facts.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
