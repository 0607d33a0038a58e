import { Button, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyEditInput, StreamGroup } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss, askPreview } from '../../../ui/ask.tsx';
import { count, duration, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import css from '../cache.module.css';
import { type Target, useTarget } from '../context.ts';
import { EditForm } from './edit-form.tsx';

/** Who reads a stream, how far, and what was never acknowledged. */
export function StreamGroups({ keyName, onReload }: { keyName: string; onReload: () => void }) {
  const target = useTarget();
  const groups = useQuery({
    queryKey: ['cache', target, 'key', keyName, 'groups'],
    queryFn: () => api.cache.groups({ ...target, key: keyName }),
    refetchInterval: 5_000,
  });
  const create = () => {
    const modalId = crypto.randomUUID();
    modals.open({
      modalId,
      title: 'New consumer group',
      size: 560,
      children: <GroupForm target={target} keyName={keyName} group={null} onDone={onReload} close={() => modals.close(modalId)} />,
    });
  };
  const move = (group: StreamGroup) => {
    const modalId = crypto.randomUUID();
    modals.open({
      modalId,
      title: `Move ${group.name}`,
      size: 560,
      children: <GroupForm target={target} keyName={keyName} group={group} onDone={onReload} close={() => modals.close(modalId)} />,
    });
  };
  const ask = async (edit: KeyEditInput, title: string, loss: string, button: string) => {
    const { commands } = await api.cache.preview({ ...target, key: keyName, edit });
    const act = async () => {
      await api.cache.apply({ ...target, key: keyName, edit });
      onReload();
    };
    if (edit.kind === 'group-destroy') askLoss({ title, losses: [loss], statements: commands, button, act });
    else askPreview({ title, intro: loss, statements: commands, button, act });
  };
  if (groups.isError) return <ProblemBox problem={problemOf(groups.error)} />;
  return (
    <div className={css.groups}>
      <div className={css.valueBar}>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={create}>
          New group…
        </Button>
      </div>
      {groups.data?.length === 0 ? (
        <p className={css.remark}>
          Nobody reads this stream as a group. A group remembers how far it is, and what was given out and not acknowledged.
        </p>
      ) : null}
      {groups.data?.map((group) => (
        <section key={group.name} className={css.group}>
          <div className={css.line}>
            <h3 className={`${css.subhead} mono`}>{group.name}</h3>
            <span className="dim num">
              at {group.lastId}
              {group.lag === null ? '' : `, ${count(group.lag)} behind`}, {count(group.pending)} pending
            </span>
            <span className={css.spring} />
            <Button variant="default" onClick={() => move(group)}>
              Move…
            </Button>
            <Button
              variant="default"
              color="red"
              onClick={() =>
                void ask(
                  { kind: 'group-destroy', group: group.name },
                  'Delete this group',
                  `${group.name}: its place, ${plural(group.consumers.length, 'consumer')} and ${count(group.pending)} pending`,
                  'Delete the group',
                ).catch(tell)
              }
            >
              Delete…
            </Button>
          </div>
          <table className={css.table}>
            <thead>
              <tr>
                <th>Consumer</th>
                <th className={css.right}>Pending</th>
                <th className={css.right}>Idle</th>
              </tr>
            </thead>
            <tbody>
              {group.consumers.map(({ name, pending, idle }) => (
                <tr key={name}>
                  <td className="mono">{name}</td>
                  <td className={css.right}>{count(pending)}</td>
                  <td className={css.right}>{duration(idle)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {group.waiting.length > 0 ? (
            <details>
              <summary>
                {group.waiting.length < group.pending
                  ? `The oldest ${group.waiting.length} of ${count(group.pending)} pending`
                  : `${plural(group.pending, 'pending entry', 'pending entries')}`}
              </summary>
              <table className={css.table}>
                <tbody>
                  {group.waiting.map(({ id, consumer, idle, deliveries }) => (
                    <tr key={id}>
                      <td className="mono">{id}</td>
                      <td className="mono">{consumer}</td>
                      <td className={css.right}>{duration(idle)} ago</td>
                      <td className={css.right}>{plural(deliveries, 'delivery', 'deliveries')}</td>
                      <td>
                        <Button
                          size="compact-xs"
                          variant="default"
                          onClick={() =>
                            void ask(
                              { kind: 'group-ack', group: group.name, ids: [id] },
                              'Acknowledge this entry',
                              'Nobody is given it again.',
                              'Acknowledge',
                            ).catch(tell)
                          }
                        >
                          Acknowledge…
                        </Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </details>
          ) : null}
        </section>
      ))}
    </div>
  );
}

const idShape = /^(\$|\d{1,20}(-\d{1,20})?)$/;

function GroupForm({
  target,
  keyName,
  group,
  onDone,
  close,
}: {
  target: Target;
  keyName: string;
  group: StreamGroup | null;
  onDone: () => void;
  close: () => void;
}) {
  const [name, setName] = useState(group?.name ?? '');
  const [from, setFrom] = useState(group?.lastId ?? '$');
  const valid = idShape.test(from);
  const edit: KeyEditInput | null =
    !valid || name === ''
      ? null
      : group === null
        ? { kind: 'group-create', group: name, from }
        : { kind: 'group-move', group: name, to: from };
  return (
    <EditForm
      target={target}
      keyName={keyName}
      edit={edit}
      button={group === null ? 'Create the group' : 'Move the group'}
      onCancel={close}
      onDone={() => {
        close();
        onDone();
      }}
    >
      {group === null ? (
        <TextInput
          label="Name"
          classNames={{ input: 'mono' }}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      ) : null}
      <TextInput
        label="Reads what comes after"
        description="An entry id; 0 for all there is, $ for what comes from now on"
        classNames={{ input: 'mono' }}
        value={from}
        error={valid ? null : 'This is no id.'}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
    </EditForm>
  );
}
