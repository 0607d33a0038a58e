import { Button, Menu } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconDeviceFloppy, IconDots, IconMinus, IconPencil, IconPlus, IconUpload } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { KeyHead, RedisBytes } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { upload } from '../../../api/files.ts';
import { useTasks } from '../../../api/tasks.tsx';
import { askLoss, askPreview } from '../../../ui/ask.tsx';
import { bytes } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { AddForm } from './add-element.tsx';
import { Decoded } from './decoded.tsx';
import { isCounter } from './typed.ts';
import { TypedCard } from './typed-card.tsx';
import { firstBytes, mostBytes } from './use-key.ts';
import { ValueEditor } from './value-editor.tsx';

/** A string: as it reads, decoded, edited; of a large one the beginning, and all of it by file. */
export function StringValue({ head, onReload }: { head: KeyHead; onReload: () => void }) {
  const target = useTarget();
  const [most, setMost] = useState(firstBytes);
  const [editing, setEditing] = useState<RedisBytes | null>(null);
  const value = useQuery({
    queryKey: ['cache', target, 'key', head.key, 'string', most],
    queryFn: () => api.cache.value({ ...target, key: head.key, place: { in: 'string' }, length: most }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (value.isError) return <ProblemBox problem={problemOf(value.error)} />;
  if (value.data === undefined) return null;
  const { data, binary, cut, bytes: size } = value.data;
  if (editing !== null) {
    return (
      <ValueEditor
        keyName={head.key}
        value={editing}
        editOf={(given) => ({ kind: 'string-set', value: given, was: editing })}
        onCancel={() => setEditing(null)}
        onDone={() => {
          setEditing(null);
          onReload();
        }}
      />
    );
  }
  const hyperloglog = head.cardinality !== null;
  return (
    <div className={css.value}>
      <div className={css.valueBar}>
        {isCounter(head.key, data) ? <CounterActs keyName={head.key} onReload={onReload} /> : null}
        {hyperloglog ? (
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => askAdd(target, head.key, onReload)}>
            Add elements…
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPencil size={14} stroke={1.6} />}
            disabled={cut || size > 512 * 1024}
            title={cut || size > 512 * 1024 ? 'Too large to be edited here: save it to a file, and load it from there.' : undefined}
            onClick={() => setEditing(value.data)}
          >
            Edit
          </Button>
        )}
        <FileMenu head={head} onReload={onReload} />
      </div>
      {cut || binary ? null : <TypedCard keyName={head.key} value={data} />}
      {hyperloglog ? (
        <p className={css.remark}>
          A HyperLogLog counts different elements without keeping them: about {head.cardinality} so far. Its bytes are of no use to people.
        </p>
      ) : null}
      <Decoded keyName={head.key} place={{ in: 'string' }} tooLarge={size > mostBytes}>
        <ValueView
          text={binary ? readable(data) : data}
          base64={binary ? data : undefined}
          kind={binary ? 'binary' : undefined}
          bytes={size}
          cut={cut}
          onWhole={size <= mostBytes && most < mostBytes ? () => setMost(mostBytes) : undefined}
        />
      </Decoded>
      {size > mostBytes ? <p className={css.remark}>{bytes(size)} is more than is shown here. “Save to a file” gives all of it.</p> : null}
    </div>
  );
}

function askAdd(target: ReturnType<typeof useTarget>, key: string, onDone: () => void): void {
  const modalId = crypto.randomUUID();
  const close = () => modals.close(modalId);
  modals.open({
    modalId,
    title: 'Add elements',
    size: 560,
    children: (
      <AddForm
        target={target}
        keyName={key}
        type="hyperloglog"
        button="Add"
        onCancel={close}
        onDone={() => {
          close();
          onDone();
        }}
      />
    ),
  });
}

function CounterActs({ keyName, onReload }: { keyName: string; onReload: () => void }) {
  const target = useTarget();
  const add = async (by: string) => {
    const edit = { kind: 'string-add', by } as const;
    const { commands } = await api.cache.preview({ ...target, key: keyName, edit });
    askPreview({
      title: by === '1' ? 'Count one up' : 'Count one down',
      statements: commands,
      button: by === '1' ? 'Add 1' : 'Take 1 away',
      act: async () => {
        await api.cache.apply({ ...target, key: keyName, edit });
        onReload();
      },
    });
  };
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => void add('1').catch(tell)}>
        Add 1
      </Button>
      <Button variant="default" leftSection={<IconMinus size={14} />} onClick={() => void add('-1').catch(tell)}>
        Take 1 away
      </Button>
    </>
  );
}

function FileMenu({ head, onReload }: { head: KeyHead; onReload: () => void }) {
  const target = useTarget();
  const begin = useExport();
  const { started } = useTasks();
  const input = useRef<HTMLInputElement>(null);
  const load = (file: File) =>
    askLoss({
      title: 'Replace the value by a file',
      losses: [`${bytes(head.length ?? 0)} of ${head.key.slice(0, 200)}`],
      statements: `APPEND a new key with the ${bytes(file.size)} of ${file.name}, then\nRENAME it to ${head.key.slice(0, 200)}`,
      button: `Replace by ${bytes(file.size)}`,
      act: async () => {
        const task = await api.cache.loadValue({ ...target, key: head.key, upload: await upload(file) });
        started(task);
        setTimeout(onReload, 500);
      },
    });
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={14} />}>
            File
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconDeviceFloppy size={14} />}
            onClick={() => begin(() => api.cache.saveValue({ ...target, key: head.key }))}
          >
            Save to a file
          </Menu.Item>
          <Menu.Item leftSection={<IconUpload size={14} />} onClick={() => input.current?.click()}>
            Replace by a file…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File with the new value"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) load(file);
        }}
      />
    </>
  );
}

/** What can be read of bytes, for looking through them. */
export function readable(base64: string): string {
  return atob(base64.slice(0, 512 * 1024)).replace(/[^\x20-\x7e\n]/g, '·');
}
