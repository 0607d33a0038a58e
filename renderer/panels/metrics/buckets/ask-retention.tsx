import { Button, Group, Select } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Bucket } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { plural } from '../../../ui/format.ts';
import css from '../metrics.module.css';
import { retentionChoices, retentionWord } from './retention.ts';

type Input = { stack: string; service: string };

/** A shorter retention loses points: how many is said before. */
export function askRetention(input: Input, bucket: Bucket, onKept: () => void): void {
  const modalId = crypto.randomUUID();
  const close = () => modals.close(modalId);
  modals.open({
    modalId,
    title: `Retention of ${bucket.name}`,
    children: <Retention input={input} bucket={bucket} onKept={onKept} close={close} />,
  });
}

function Retention({ input, bucket, onKept, close }: { input: Input; bucket: Bucket; onKept: () => void; close: () => void }) {
  const now = String(bucket.retention);
  const [chosen, setChosen] = useState(now);
  const [busy, setBusy] = useState(false);
  const retention = Number(chosen);
  const shorter = retention !== 0 && (bucket.retention === 0 || retention < bucket.retention);
  const lost = useQuery({
    queryKey: ['metrics-older', input, bucket.name, retention],
    queryFn: ({ signal }) => api.metrics.bucket.older({ ...input, bucket: bucket.name, retention }, { signal }),
    enabled: shorter,
    gcTime: 0,
  });
  const points = shorter ? lost.data?.points : 0;
  const keep = async () => {
    setBusy(true);
    try {
      await api.metrics.bucket.keep({ ...input, id: bucket.id, retention });
      onKept();
      close();
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  const known = retentionChoices.some(({ value }) => value === now);
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== now && points !== undefined) void keep();
      }}
    >
      <Select
        label="Points are kept"
        data={[...(known ? [] : [{ value: now, label: `${retentionWord(bucket.retention)}, as now` }]), ...retentionChoices]}
        value={chosen}
        allowDeselect={false}
        onChange={(value) => setChosen(value ?? now)}
        data-autofocus
      />
      {shorter ? (
        <p className={points === 0 ? css.quiet : css.bad} role="status">
          {points === undefined
            ? 'Counting what would be lost…'
            : `${plural(points, 'point')} older than ${retentionWord(retention)} ${points === 1 ? 'is' : 'are'} lost soon after.`}
        </p>
      ) : null}
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" color={points ? 'red' : undefined} loading={busy} disabled={chosen === now || points === undefined}>
          {points ? `Keep ${retentionWord(retention)}, lose ${plural(points, 'point')}` : `Keep ${retentionWord(retention)}`}
        </Button>
      </Group>
    </form>
  );
}
