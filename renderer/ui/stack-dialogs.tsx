import { Button, Group, NumberInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ServiceStatus } from '../../preload/contract/index.ts';
import { api, problemOf } from '../api/client.ts';
import css from './stack-dialogs.module.css';

/** Asks before all data of a stack is deleted, naming what is lost. */
export function askReset(stack: string, services: readonly ServiceStatus[], { reset }: { reset: () => void }): void {
  modals.openConfirmModal({
    title: `Reset ${stack}?`,
    children: <ResetLosses stack={stack} />,
    labels: { confirm: `Delete the data of ${services.length} services`, cancel: 'Keep the data' },
    confirmProps: { color: 'red' },
    onConfirm: reset,
  });
}

function ResetLosses({ stack }: { stack: string }) {
  const losses = useQuery({ queryKey: ['losses', stack], queryFn: () => api.stack.losses({ stack, act: 'reset' }), gcTime: 0 });
  return (
    <>
      <p className={css.line}>
        This is deleted, with what you added yourself. The stack then starts anew, filled with seeds. A snapshot of the data is taken first,
        so that you can go back.
      </p>
      <ul className={css.losses} aria-busy={losses.isPending}>
        {losses.isPending ? <li>Looking at what there is…</li> : null}
        {losses.isError ? <li>{problemOf(losses.error).what} All data of its services.</li> : null}
        {losses.data?.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
        {losses.data?.length === 0 ? <li>There is no data yet.</li> : null}
      </ul>
    </>
  );
}

/** Asks before a stack's containers are removed; the data stays. */
export function askDown(stack: string, { down }: { down: () => void }): void {
  modals.openConfirmModal({
    title: `Take ${stack} down?`,
    children: 'Its services are stopped and removed. The data stays in their volumes and is there again at the next start.',
    labels: { confirm: 'Take down', cancel: 'Cancel' },
    onConfirm: down,
  });
}

/** Asks for the scale and seed of generated data. */
export function askSeed({ seed }: { seed: (scale: number, seed: number) => void }): void {
  const modalId = 'seed';
  modals.open({
    modalId,
    title: 'Seed all stores',
    children: (
      <SeedForm
        onCancel={() => modals.close(modalId)}
        onSeed={(scale, number) => {
          modals.close(modalId);
          seed(scale, number);
        }}
      />
    ),
  });
}

function SeedForm({ onSeed, onCancel }: { onSeed: (scale: number, seed: number) => void; onCancel: () => void }) {
  const [scale, setScale] = useState<number | string>(1);
  const [seed, setSeed] = useState<number | string>(1);
  const valid =
    typeof scale === 'number' &&
    scale > 0 &&
    scale <= 1000 &&
    typeof seed === 'number' &&
    Number.isInteger(seed) &&
    seed >= 0 &&
    seed < 2 ** 31;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) onSeed(Number(scale), Number(seed));
      }}
    >
      <p className={`${css.line} dim`}>
        Applies pending migrations, then fills the stores with the same believable data, with the same ids across all of them.
      </p>
      <Group grow align="flex-start">
        <NumberInput
          label="Scale"
          description="1 is about 5,000 jobs; up to 1000"
          value={scale}
          onChange={setScale}
          min={0.01}
          max={1000}
          data-autofocus
        />
        <NumberInput
          label="Seed"
          description="The same number, the same data"
          value={seed}
          onChange={setSeed}
          min={0}
          max={2 ** 31 - 1}
          allowDecimal={false}
        />
      </Group>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!valid}>
          Seed
        </Button>
      </Group>
    </form>
  );
}
