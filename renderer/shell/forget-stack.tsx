import { Button, Group, Modal } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProblemData } from '../../preload/contract/index.ts';
import { api, problemOf } from '../api/client.ts';
import { useSetSettings } from '../api/settings.ts';
import { useStacks } from '../api/stack.tsx';
import { ProblemBox } from '../ui/problem.tsx';
import css from './shell.module.css';

interface ForgetStackProps {
  stack: string;
  onClose: () => void;
}

/** Lets go of a stack that nothing is left of, or says what still is. */
export function ForgetStack({ stack, onClose }: ForgetStackProps) {
  const queries = useQueryClient();
  const setSettings = useSetSettings();
  const others = (useStacks().data ?? []).filter(({ name }) => name !== stack);
  const [refusal, setRefusal] = useState<ProblemData | null>(null);
  const [busy, setBusy] = useState(false);
  const goes = useQuery({ queryKey: ['forgettable', stack], queryFn: () => api.stack.forgettable({ stack }), retry: false, gcTime: 0 });
  const problem = refusal ?? (goes.isError ? problemOf(goes.error) : null);
  const forget = async () => {
    setBusy(true);
    try {
      await api.stack.forget({ stack });
      setSettings({ stack: others[0]?.name ?? 'noodlebox' });
      onClose();
      await queries.invalidateQueries({ queryKey: ['stacks'] });
    } catch (error) {
      setRefusal(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Forget ${stack}?`} size={560}>
      <div className={css.forget}>
        {problem === null ? (
          <>
            <p>Nothing of it runs, and no data, snapshots or backups of it are there. This goes:</p>
            <ul aria-busy={goes.isPending}>
              {goes.isPending ? <li className="dim">Looking at what there is…</li> : goes.data?.map((line) => <li key={line}>{line}</li>)}
            </ul>
          </>
        ) : (
          <ProblemBox problem={problem} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {problem === null ? 'Cancel' : 'Close'}
          </Button>
          {problem === null ? (
            <Button color="red" disabled={!goes.isSuccess} loading={busy} onClick={() => void forget()}>
              Forget {stack}
            </Button>
          ) : null}
        </Group>
      </div>
    </Modal>
  );
}
