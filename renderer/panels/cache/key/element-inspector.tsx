import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ElementRow, GivenBytes, KeyEditInput, RedisBytes } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { bytes } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import css from '../cache.module.css';
import { type Target, useTarget } from '../context.ts';
import { Decoded } from './decoded.tsx';
import { EditForm } from './edit-form.tsx';
import { type ChosenElement, elementWord, placeOf, removalOf } from './elements.ts';
import { readable } from './string-value.tsx';
import { mostBytes, useReload } from './use-key.ts';
import { ValueEditor } from './value-editor.tsx';

interface InspectorProps {
  keyName: string;
  chosen: ChosenElement;
  onClose: () => void;
}

/** One element, whole: decoded, edited, taken away. */
export function ElementInspector({ keyName, chosen, onClose }: InspectorProps) {
  const target = useTarget();
  const reload = useReload(keyName);
  const { type, row } = chosen;
  const remove = () =>
    askRemove(target, keyName, chosen, () => {
      onClose();
      reload();
    });
  return (
    <div className={css.inspector} data-testid="element-inspector">
      <PaneHead title={<span className={type === 'list' ? '' : 'mono'}>{type === 'list' ? `Element ${row.name}` : row.name}</span>}>
        <ActionIcon aria-label={`Delete this ${elementWord[type]}`} disabled={row.long} onClick={remove}>
          <IconTrash size={15} stroke={1.6} />
        </ActionIcon>
        <ActionIcon aria-label="Close" onClick={onClose}>
          <IconX size={15} stroke={1.6} />
        </ActionIcon>
      </PaneHead>
      {type === 'zset' ? <ScoreForm keyName={keyName} row={row} onDone={reload} /> : null}
      {row.fields === null ? (
        <WholeValue keyName={keyName} chosen={chosen} onDone={reload} />
      ) : (
        row.fields.map(({ name }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry may have a field twice, and never changes
          <section key={at} className={css.field}>
            <h3 className={`${css.subhead} mono`}>{name}</h3>
            <WholeValue keyName={keyName} chosen={{ ...chosen, field: name }} onDone={reload} />
          </section>
        ))
      )}
    </div>
  );
}

/** Asks, saying what is lost, and takes the element away. */
export function askRemove(target: Target, key: string, chosen: ChosenElement, onDone: () => void): void {
  const edit = removalOf(chosen);
  const { type, row } = chosen;
  const word = elementWord[type];
  const what = type === 'list' ? `element ${row.name}` : row.name.slice(0, 200);
  api.cache.preview({ ...target, key, edit }).then(
    ({ commands }) =>
      askLoss({
        title: `Delete this ${word}`,
        losses: [row.value.bytes > 0 && type !== 'set' && type !== 'zset' ? `${what}: ${bytes(row.value.bytes)}` : what],
        statements: commands,
        button: `Delete 1 ${word}`,
        act: async () => {
          await api.cache.apply({ ...target, key, edit });
          onDone();
        },
      }),
    tell,
  );
}

function WholeValue({ keyName, chosen, onDone }: { keyName: string; chosen: ChosenElement; onDone: () => void }) {
  const target = useTarget();
  const [editing, setEditing] = useState<RedisBytes | null>(null);
  const place = placeOf(chosen);
  const { type, row } = chosen;
  const value = useQuery({
    queryKey: ['cache', target, 'key', keyName, 'value', place],
    queryFn: () => api.cache.value({ ...target, key: keyName, place, length: mostBytes }),
    enabled: !row.long,
    retry: false,
  });
  if (row.long) return <p className={css.remark}>This name is too long to be read by itself. Its beginning is shown in the grid.</p>;
  if (value.isError) return <ProblemBox problem={problemOf(value.error)} />;
  if (value.data === undefined) return null;
  const edit = type === 'hash' || type === 'list' ? editOf(type, row, value.data) : null;
  if (editing !== null && edit !== null) {
    return (
      <ValueEditor
        keyName={keyName}
        value={editing}
        editOf={edit}
        onCancel={() => setEditing(null)}
        onDone={() => {
          setEditing(null);
          onDone();
        }}
      />
    );
  }
  const { data, binary, cut, bytes: size } = value.data;
  return (
    <>
      {edit === null ? null : (
        <div className={css.valueBar}>
          <Button
            variant="default"
            leftSection={<IconPencil size={14} stroke={1.6} />}
            disabled={cut || size > 512 * 1024}
            onClick={() => setEditing(value.data)}
          >
            Edit
          </Button>
        </div>
      )}
      <Decoded keyName={keyName} place={place} tooLarge={size > mostBytes}>
        <ValueView
          text={binary ? readable(data) : data}
          base64={binary ? data : undefined}
          kind={binary ? 'binary' : undefined}
          bytes={size}
          cut={cut}
        />
      </Decoded>
    </>
  );
}

function editOf(type: 'hash' | 'list', row: ElementRow, was: RedisBytes): (given: GivenBytes) => KeyEditInput {
  if (type === 'hash') return (value) => ({ kind: 'hash-put', field: row.name, value, was });
  return (value) => ({ kind: 'list-put', index: Number(row.name), value, was });
}

function ScoreForm({ keyName, row, onDone }: { keyName: string; row: ElementRow; onDone: () => void }) {
  const target = useTarget();
  const [score, setScore] = useState(row.score ?? '0');
  const [editing, setEditing] = useState(false);
  if (!editing || row.long || row.value.cut) {
    return (
      <div className={css.valueBar}>
        <span>
          Score <span className="mono">{row.score}</span>
        </span>
        <Button
          variant="default"
          disabled={row.long || row.value.cut}
          leftSection={<IconPencil size={14} stroke={1.6} />}
          onClick={() => setEditing(true)}
        >
          Edit the score
        </Button>
      </div>
    );
  }
  const valid = /^[+-]?(inf|\d+(\.\d*)?(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?)$/i.test(score);
  // A member that is not told whole cannot be named.
  const member = row.value.cut ? null : { data: row.value.data, binary: row.value.binary };
  return (
    <div className={css.editing}>
      <EditForm
        target={target}
        keyName={keyName}
        edit={valid && member !== null && score !== row.score ? { kind: 'zset-put', member, score, wasScore: row.score } : null}
        button="Save"
        onCancel={() => setEditing(false)}
        onDone={() => {
          setEditing(false);
          onDone();
        }}
      >
        <TextInput
          label="Score"
          value={score}
          error={valid ? null : 'A number, inf or -inf.'}
          onChange={(event) => setScore(event.currentTarget.value)}
        />
      </EditForm>
    </div>
  );
}
