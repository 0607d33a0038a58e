import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconActivity, IconPlayerPause, IconPlayerPlay, IconTrash, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { DocumentChangeEvent, ProblemData } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { follow } from '../../../api/stream.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { bytes, clock, count, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, PaneHead, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { fieldOf, parseEjson } from '../bson/bson.ts';
import { shellLine, shellText } from '../bson/shell.ts';
import { BsonTree } from '../documents/bson-tree.tsx';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';

/** Changes kept in the window; the oldest go. */
const kept = 5_000;

type View = { kind: 'off' } | { kind: 'on'; watching: boolean } | { kind: 'failed'; problem: ProblemData };
interface Seen {
  events: readonly DocumentChangeEvent[];
  total: number;
  dropped: number;
}

/** Changes as they happen. */
export function WatchTab({ place, show }: { place: CollectionPlace; show: (inspector: ReactNode) => void }) {
  const { server } = usePlace();
  const { stack, service, database, collection } = place;
  const [scope, setScope] = useState<'collection' | 'database'>('collection');
  const [view, setView] = useState<View>({ kind: 'off' });
  const [seen, setSeen] = useState<Seen>({ events: [], total: 0, dropped: 0 });
  const [chosen, setChosen] = useState<number | null>(null);
  const [following, setFollowing] = useState(true);
  const zone = useSettings()?.times ?? 'local';
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);
  const begin = () => {
    stop.current();
    setView({ kind: 'on', watching: false });
    setSeen({ events: [], total: 0, dropped: 0 });
    stop.current = follow<{ events: DocumentChangeEvent[]; total: number; dropped: number; watching: boolean }>({
      open: (stream, signal) =>
        api.documents.watch({ stack, service, stream, database, ...(scope === 'collection' ? { collection } : {}) }, { signal }),
      onBatch: ({ events, total, dropped, watching }) => {
        setView({ kind: 'on', watching });
        setSeen((before) => ({ events: [...before.events, ...events].slice(-kept), total, dropped }));
      },
      onEnd: (outcome) => setView(outcome.kind === 'failed' ? outcome : { kind: 'off' }),
    });
  };
  const end = () => {
    stop.current();
    setView({ kind: 'off' });
  };
  const { events } = seen;
  const event = chosen === null ? undefined : events.find(({ at }) => at === chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change that is chosen stands beside
  useEffect(() => show(event === undefined ? null : <EventInspector event={event} onClose={() => setChosen(null)} />), [event]);
  const cannot = server?.can.changeStreams === false;
  const position = event === undefined ? null : events.indexOf(event);
  return (
    <>
      <Toolbar label="Changes">
        {view.kind === 'on' ? (
          <Button variant="default" leftSection={<IconPlayerPause size={14} />} onClick={end}>
            Stop watching
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={14} />} disabled={cannot} onClick={begin}>
            Watch
          </Button>
        )}
        <SegmentedControl
          size="xs"
          aria-label="What is watched"
          disabled={view.kind === 'on'}
          data={[
            { value: 'collection', label: collection },
            { value: 'database', label: `All of ${database}` },
          ]}
          value={scope}
          onChange={(next) => setScope(next as 'collection' | 'database')}
        />
        <Spring />
        <Button
          variant="default"
          leftSection={<IconTrash size={14} />}
          disabled={events.length === 0}
          onClick={() => setSeen({ ...seen, events: [] })}
        >
          Clear
        </Button>
      </Toolbar>
      {view.kind === 'failed' ? (
        <div className={css.aside}>
          <ProblemBox problem={view.problem} />
        </div>
      ) : null}
      <div className={css.documents}>
        <VirtualList
          label="Changes"
          count={events.length}
          rowHeight={28}
          row={(at) => (events[at] ? <EventRow event={events[at]} time={clock(events[at].time, zone)} /> : null)}
          selected={position}
          onSelect={(at) => setChosen(at === null ? null : (events[at]?.at ?? null))}
          follow={following}
          onFollow={setFollowing}
          testId="changes"
          empty={
            <div className={css.aside}>
              <EmptyState
                icon={IconActivity}
                line={
                  cannot
                    ? `${server.program} tells of no changes: change streams need a replica set of MongoDB. On the Docker runtime mongod has one.`
                    : view.kind === 'on'
                      ? 'Watching. What is inserted, changed or deleted from now on stands here at once.'
                      : 'Watch documents being inserted, changed and deleted, as it happens.'
                }
                button={cannot || view.kind === 'on' ? undefined : <Button onClick={begin}>Watch {collection}</Button>}
              />
            </div>
          }
        />
      </div>
      <FootBar>
        <span role="status">{view.kind === 'on' ? (view.watching ? 'Watching' : 'Opening…') : 'Not watching'}</span>
        <span>{plural(seen.total, 'change')}</span>
        {seen.dropped > 0 ? <span className={css.dropped}>dropped {count(seen.dropped)}</span> : null}
      </FootBar>
    </>
  );
}

function EventRow({ event, time }: { event: DocumentChangeEvent; time: string }) {
  const change = event.ejson === null ? undefined : parseEjson(event.ejson);
  const part = change && (fieldOf(change, 'updateDescription') ?? fieldOf(change, 'fullDocument'));
  return (
    <div className={css.event}>
      <span className="num dim">{time}</span>
      <span className={css.operation} data-operation={event.operation}>
        {event.operation}
      </span>
      <span className="dim cut">{event.collection}</span>
      <span className="mono cut">{event.id === null ? '' : shellLine(parseEjson(event.id), 80)}</span>
      <span className={`${css.eventText} cut`}>
        {part === undefined ? (event.ejson === null ? `${bytes(event.bytes)}, withheld` : '') : shellLine(part, 300)}
      </span>
    </div>
  );
}

function EventInspector({ event, onClose }: { event: DocumentChangeEvent; onClose: () => void }) {
  const change = event.ejson === null ? null : parseEjson(event.ejson);
  return (
    <div className={css.inspector}>
      <PaneHead title={`${event.operation} ${event.id === null ? '' : shellLine(parseEjson(event.id), 80)}`}>
        {change === null ? null : <CopyButton text={shellText(change)} label="Copy change" />}
        <ActionIcon size={24} aria-label="Close" onClick={onClose}>
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      <div className={css.inspectorBody}>
        {change === null ? (
          <p className="dim">This change has {bytes(event.bytes)}: find its document to see it.</p>
        ) : (
          <BsonTree value={change} />
        )}
      </div>
    </div>
  );
}
