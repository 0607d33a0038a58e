import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconDownload, IconSend, IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, problemOf } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, dateTime, type Zone } from '../../../ui/format.ts';
import { IdText } from '../../../ui/id-text.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import { draftOf, keepDraft } from '../publish/draft.ts';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import { type Place, topicsKey } from '../use-catalog.ts';

/** What a window can hold of one payload. */
const wholeBytes = 8 * 1024 * 1024;

interface MessageInspectorProps {
  place: Place;
  topic: string;
  id: string;
  zone: Zone;
  show: Show;
  onClose: () => void;
}

/** One message, whole. */
export function MessageInspector({ place, topic, id, zone, show, onClose }: MessageInspectorProps) {
  const [whole, setWhole] = useState(false);
  const save = useExport();
  const message = useQuery({
    queryKey: topicsKey(place, 'message', topic, id, whole),
    queryFn: () => api.topics.message({ ...place, topic, id, whole }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const { data } = message;
  return (
    <div className={css.column} data-testid="message-inspector">
      <PaneHead title={`Message ${id}`}>
        <Tooltip label="Save the payload as a file">
          <ActionIcon aria-label="Save the payload as a file" onClick={() => save(() => api.topics.messageFile({ ...place, topic, id }))}>
            <IconDownload size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon aria-label="Close" onClick={onClose}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      {message.error ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(message.error)} />
        </div>
      ) : null}
      {data ? (
        <>
          <Facts
            rows={[
              ['Key', keyNode(data.key)],
              ['Published', dateTime(data.published, zone)],
              ['Event time', data.eventTime === null ? null : dateTime(data.eventTime, zone)],
              ['Partition', data.partition],
              ['Size', bytes(data.size)],
              ['Schema', data.schema],
            ]}
          />
          <Properties properties={data.properties} />
          <div className={css.grow}>
            <ValueView
              text={data.text}
              base64={data.base64}
              kind={data.form === 'binary' ? 'binary' : data.form === 'json' ? 'json' : 'text'}
              bytes={data.size}
              cut={data.cut}
              onWhole={data.cut && data.size <= wholeBytes ? () => setWhole(true) : undefined}
            />
          </div>
          <div className={css.section}>
            <Button
              variant="default"
              leftSection={<IconSend size={14} stroke={1.75} />}
              disabled={data.cut}
              onClick={() => {
                keepDraft(place, topic, draftOf(data));
                show({ tab: 'publish' });
              }}
            >
              Edit and republish
            </Button>
          </div>
        </>
      ) : null}
    </div>
  );
}

function keyNode(key: string | null) {
  return key === null ? <span className={css.form}>no key</span> : <IdText text={key} />;
}

/** Their names may be as long as their values. */
function Properties({ properties }: { properties: Record<string, string> }) {
  const all = Object.entries(properties);
  if (all.length === 0) return null;
  return (
    <dl className={css.properties} aria-label="Properties">
      {all.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === '' ? <span className={css.form}>empty</span> : <IdText text={value} />}</dd>
        </div>
      ))}
    </dl>
  );
}
