import { Button, Checkbox, Group, NumberInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { SnapshotRetention } from '../../../preload/contract/index.ts';
import { tell } from '../../api/actions.tsx';
import { api, problemOf } from '../../api/client.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import css from './snapshots.module.css';

const gibibyte = 2 ** 30;

/** What is set is known only some time after the dialog has opened. */
function takeFocus(field: HTMLInputElement | null): void {
  field?.focus();
}

/** Which snapshots go by themselves, with what would go shown before it is set. */
export function askRetention(stack: string): void {
  const modalId = 'snapshot-retention';
  modals.open({ modalId, title: 'Which snapshots stay', children: <Retention stack={stack} close={() => modals.close(modalId)} /> });
}

function Retention({ stack, close }: { stack: string; close: () => void }) {
  const set = useQuery({ queryKey: ['snapshot-retention', stack], queryFn: () => api.snapshots.retention({ stack }), gcTime: 0 });
  if (set.isError) return <ProblemBox problem={problemOf(set.error)} />;
  return set.data ? <RetentionForm stack={stack} set={set.data.retention} close={close} /> : null;
}

function RetentionForm({ stack, set, close }: { stack: string; set: SnapshotRetention; close: () => void }) {
  const [wanted, setWanted] = useState(set);
  const tried = useQuery({
    queryKey: ['snapshot-retention', stack, wanted],
    queryFn: () => api.snapshots.tryRetention({ stack, retention: wanted }),
    placeholderData: (before) => before,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    api.snapshots.setRetention({ stack, retention: wanted }).then(close, tell);
  };
  const number = (value: string | number) => (typeof value === 'number' && value > 0 ? value : null);
  const goes = tried.data?.goes ?? [];
  return (
    <form className={css.form} onSubmit={submit}>
      <p className="dim">
        Without limits no snapshot that you asked for goes by itself. The newest always stays, and so does what the last restore replaced.
      </p>
      <NumberInput
        label="Newest that stay"
        value={wanted.count ?? ''}
        min={1}
        max={100_000}
        allowDecimal={false}
        placeholder="any number"
        onChange={(value) => setWanted({ ...wanted, count: number(value) })}
        ref={takeFocus}
      />
      <NumberInput
        label="Days that each stays"
        value={wanted.days ?? ''}
        min={0}
        max={36_500}
        placeholder="however old"
        onChange={(value) => setWanted({ ...wanted, days: number(value) })}
      />
      <NumberInput
        label="GiB that all have together"
        value={wanted.bytes === null ? '' : wanted.bytes / gibibyte}
        min={0}
        decimalScale={2}
        placeholder="as much as they take"
        onChange={(value) => {
          const size = number(value);
          setWanted({ ...wanted, bytes: size === null ? null : Math.round(size * gibibyte) });
        }}
      />
      <Checkbox
        label="Also those that have a name or are hot"
        checked={wanted.named}
        onChange={(event) => setWanted({ ...wanted, named: event.currentTarget.checked })}
      />
      <section className={css.goes} aria-label="What would go" aria-live="polite">
        {goes.length === 0 ? <p className="dim">Nothing would go now.</p> : <p>These go when the next one was taken or restored:</p>}
        <ul>
          {goes.map(({ id, why }) => (
            <li key={id}>
              <span className="mono">{id}</span> <span className="dim">{why}</span>
            </li>
          ))}
        </ul>
      </section>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit">Set</Button>
      </Group>
    </form>
  );
}
