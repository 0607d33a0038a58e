import { Button, Group, Select, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { ProblemData, TopicAct } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { ProblemText } from '../../../ui/problem.tsx';
import { askAct } from '../perform.ts';
import css from '../topics.module.css';
import type { Place } from '../use-catalog.ts';

type To = Extract<TopicAct, { kind: 'seek' }>['to'];

interface AskSubscription {
  place: Place;
  topic: string;
  /** Making a new one, or moving this one. */
  kind: 'create' | { seek: string };
  onDone: (name: string) => void | Promise<void>;
}

export function askSubscription(options: AskSubscription): void {
  const modalId = crypto.randomUUID();
  const title = options.kind === 'create' ? 'New subscription' : `Move ${options.kind.seek}`;
  modals.open({ modalId, title, children: <SubscriptionForm {...options} close={() => modals.close(modalId)} /> });
}

const places = [
  { value: 'latest', label: 'After the last message' },
  { value: 'earliest', label: 'Before the first message' },
  { value: 'time', label: 'At a time' },
  { value: 'id', label: 'At a message id' },
];

function SubscriptionForm({ place, topic, kind, onDone, close }: AskSubscription & { close: () => void }) {
  const [name, setName] = useState(kind === 'create' ? '' : kind.seek);
  const [where, setWhere] = useState(kind === 'create' ? 'latest' : 'time');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  const to = placeOf(where, text);
  const go = async () => {
    if (to === undefined) return;
    if (kind !== 'create') {
      close();
      await askAct(place, `Move ${kind.seek}`, { kind: 'seek', topic, subscription: kind.seek, to }, () => onDone(kind.seek));
      return;
    }
    setBusy(true);
    try {
      await api.topics.perform({ ...place, act: { kind: 'create-subscription', topic, subscription: name, from: to } });
      close();
      await onDone(name);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css.pairs}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      {kind === 'create' ? (
        <TextInput label="Name" data-autofocus required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      ) : null}
      <Select
        label={kind === 'create' ? 'It begins' : 'It goes on'}
        data={places}
        value={where}
        allowDeselect={false}
        onChange={(value) => setWhere(value ?? 'latest')}
      />
      {where === 'time' ? (
        <TextInput
          label="Time"
          type="datetime-local"
          step={1}
          required
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      {where === 'id' ? (
        <TextInput
          label="Message id"
          placeholder="ledger:entry"
          required
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      {problem ? <ProblemText problem={problem} /> : null}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={name === '' || to === undefined}>
          {kind === 'create' ? 'Create subscription' : 'Look what that means…'}
        </Button>
      </Group>
    </form>
  );
}

function placeOf(where: string, text: string): To | undefined {
  if (where === 'latest' || where === 'earliest') return where;
  if (where === 'id') return text.trim() === '' ? undefined : { id: text.trim() };
  const time = Date.parse(text);
  return Number.isFinite(time) && time >= 0 ? { time } : undefined;
}
