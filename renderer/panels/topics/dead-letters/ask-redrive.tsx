import { Button, Group, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { DeadLetter } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { useTasks } from '../../../api/tasks.tsx';
import { count, plural } from '../../../ui/format.ts';
import { shortName } from '../names.ts';
import css from '../topics.module.css';
import type { Place } from '../use-catalog.ts';
import { byOrigin } from './by-origin.ts';

interface AskRedrive {
  place: Place;
  topic: string;
  /** Those that go; of a whole topic as many of them as are listed. */
  letters: readonly DeadLetter[];
  whole: boolean;
  onBegun: () => void;
}

export function askRedrive(options: AskRedrive): void {
  const modalId = crypto.randomUUID();
  modals.open({
    modalId,
    title: 'Redrive dead letters',
    size: 560,
    children: <Redrive {...options} close={() => modals.close(modalId)} />,
  });
}

/** Where they go and what happens to them, before it happens. */
function Redrive({ place, topic, letters, whole, onBegun, close }: AskRedrive & { close: () => void }) {
  const { started } = useTasks();
  const [to, setTo] = useState('');
  const [busy, setBusy] = useState(false);
  const { origins, homeless } = byOrigin(letters);
  const go = async () => {
    setBusy(true);
    try {
      started(await api.topics.redrive({ ...place, topic, ids: whole ? null : letters.map(({ id }) => id), to: to.trim() || null }));
      onBegun();
      close();
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.pairs}>
      <ul>
        {origins.map(({ origin, letters: some }) => (
          <li key={origin}>
            {plural(some, 'message')} to <span className="mono">{shortName(origin)}</span>
          </li>
        ))}
        {homeless > 0 ? <li>{plural(homeless, 'message')} that say nothing of where they came from</li> : null}
      </ul>
      {homeless > 0 ? (
        <TextInput
          label="Topic for those"
          placeholder="persistent://public/default/…"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      ) : null}
      <p>
        Each is published to its topic, for all of its subscriptions, with its key, properties and event time; then it is acknowledged here
        by the subscription <span className="mono">noodlebox-redrive</span>. It stays in this topic as long as the retention keeps it. When
        this is interrupted, the next redrive goes on where it stopped.
      </p>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={busy} data-autofocus onClick={() => void go()}>
          {whole ? 'Redrive all that wait' : `Redrive ${count(letters.length)} ${letters.length === 1 ? 'message' : 'messages'}`}
        </Button>
      </Group>
    </div>
  );
}
