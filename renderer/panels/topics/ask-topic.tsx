import { Button, Group, NumberInput, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { ProblemData } from '../../../preload/contract/index.ts';
import { api, problemOf } from '../../api/client.ts';
import { ProblemText } from '../../ui/problem.tsx';
import css from './topics.module.css';
import type { Place } from './use-catalog.ts';

interface AskTopic {
  place: Place;
  namespace: string;
  onCreated: (topic: string) => void;
}

export function askTopic(options: AskTopic): void {
  const modalId = crypto.randomUUID();
  modals.open({
    modalId,
    title: `New topic in ${options.namespace}`,
    children: <TopicForm {...options} close={() => modals.close(modalId)} />,
  });
}

function TopicForm({ place, namespace, onCreated, close }: AskTopic & { close: () => void }) {
  const [name, setName] = useState('');
  const [partitions, setPartitions] = useState(0);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  const create = async () => {
    const topic = `persistent://${namespace}/${name}`;
    setBusy(true);
    try {
      await api.topics.perform({ ...place, act: { kind: 'create-topic', topic, partitions } });
      close();
      onCreated(topic);
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
        void create();
      }}
    >
      <TextInput label="Name" data-autofocus required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <NumberInput
        label="Partitions"
        description="0: one topic, in which all messages keep their order"
        min={0}
        max={1000}
        value={partitions}
        onChange={(value) => setPartitions(Number(value) || 0)}
      />
      {problem ? <ProblemText problem={problem} /> : null}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={name === ''}>
          Create topic
        </Button>
      </Group>
    </form>
  );
}
