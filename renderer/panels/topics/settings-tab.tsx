import { Button, NumberInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { TopicDetail } from '../../../preload/contract/index.ts';
import { Facts } from '../../ui/facts.tsx';
import { bytes, count, duration, plural } from '../../ui/format.ts';
import { partsOf, shortName } from './names.ts';
import { rate } from './namespace-view.tsx';
import { askAct } from './perform.ts';
import css from './topics.module.css';
import type { Show } from './topics-panel.tsx';
import { type Place, useRefresh } from './use-catalog.ts';

/** What the topic keeps and who publishes; its retention, and its end. */
export function SettingsTab({ place, detail, show }: { place: Place; detail: TopicDetail; show: Show }) {
  const { topic, retention, retentionFrom } = detail;
  const [minutes, setMinutes] = useState<number | null>(null);
  const [megabytes, setMegabytes] = useState<number | null>(null);
  const refresh = useRefresh(place);
  const chosen = { minutes: minutes ?? retention?.minutes ?? 0, megabytes: megabytes ?? retention?.megabytes ?? 0 };
  const name = shortName(topic);
  const set = (act: Parameters<typeof askAct>[2]) =>
    void askAct(place, `Retention of ${name}`, act, () => {
      setMinutes(null);
      setMegabytes(null);
      return refresh();
    });
  return (
    <div className={css.scroll} style={{ height: '100%' }}>
      <section className={css.section}>
        <h2>What it keeps</h2>
        <Facts
          rows={[
            ['Storage', bytes(detail.figures.storage)],
            ['Entries', `${count(detail.entries)} in ${plural(detail.ledgers, 'ledger')}; a batch of messages is one entry`],
            ['Average message', detail.averageSize > 0 ? bytes(Math.round(detail.averageSize)) : null],
            ['Partitions', detail.partitions > 0 ? count(detail.partitions) : 'not partitioned'],
            ['Messages expire', detail.timeToLive > 0 ? `after ${duration(detail.timeToLive * 1_000)}` : 'never'],
            [
              'Retention',
              retention
                ? `${retentionWords(retention)}; set for ${retentionFrom === 'topic' ? 'this topic' : `the ${retentionFrom}`}`
                : 'none',
            ],
            ['Readers now', count(detail.readers)],
          ]}
        />
      </section>
      <section className={css.section}>
        <h2>Retention of acknowledged messages</h2>
        <div className={css.row} style={{ maxWidth: 560 }}>
          <NumberInput
            size="xs"
            label="Minutes (-1: for ever)"
            min={-1}
            value={chosen.minutes}
            onChange={(value) => setMinutes(Number(value))}
          />
          <NumberInput
            size="xs"
            label="MiB (-1: without bound)"
            min={-1}
            value={chosen.megabytes}
            onChange={(value) => setMegabytes(Number(value))}
          />
          <Button
            variant="default"
            disabled={minutes === null && megabytes === null}
            onClick={() =>
              set({
                kind: 'set-retention',
                topic,
                retention: { minutes: Math.trunc(chosen.minutes), megabytes: Math.trunc(chosen.megabytes) },
              })
            }
          >
            Set for this topic…
          </Button>
          {retentionFrom === 'topic' ? (
            <Button variant="subtle" color="gray" onClick={() => set({ kind: 'set-retention', topic, retention: null })}>
              Use the namespace's…
            </Button>
          ) : null}
        </div>
      </section>
      <section className={css.section}>
        <h2>{plural(detail.producers.length, 'producer')} connected</h2>
        {detail.producers.length === 0 ? <span className="dim">Nobody publishes now.</span> : null}
        <Facts rows={detail.producers.map((producer) => [producer.name, `${rate(producer.rate)}/s from ${producer.address}`] as const)} />
      </section>
      <section className={css.section}>
        <Button
          color="red"
          variant="light"
          leftSection={<IconTrash size={14} stroke={1.75} />}
          onClick={() =>
            void askAct(place, `Delete ${name}`, { kind: 'delete-topic', topic }, async () => {
              await refresh();
              show({ topic: undefined, tab: undefined, namespace: partsOf(topic).namespace });
            })
          }
        >
          Delete topic {name}…
        </Button>
      </section>
    </div>
  );
}

function retentionWords({ minutes, megabytes }: { minutes: number; megabytes: number }): string {
  const time = minutes < 0 ? 'for ever' : duration(minutes * 60_000);
  return `${time}, ${megabytes < 0 ? 'without bound' : `up to ${bytes(megabytes * 1024 * 1024)}`}`;
}
