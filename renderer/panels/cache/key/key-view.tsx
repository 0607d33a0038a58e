import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconClock, IconDots, IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { KeyHead } from '../../../../preload/contract/index.ts';
import { problemOf } from '../../../api/client.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { bytes, count, duration, plural } from '../../../ui/format.ts';
import { IdText } from '../../../ui/id-text.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { useAfter } from '../../../ui/use-now.ts';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { lookOf } from '../keys/look.ts';
import type { ChosenElement } from './elements.ts';
import { isElementType } from './elements.ts';
import { ElementsView } from './elements-view.tsx';
import { JsonValue } from './json-value.tsx';
import { askDelete, askExpire, askRename } from './key-acts.tsx';
import { StringValue } from './string-value.tsx';
import { useHead, useReload } from './use-key.ts';

interface KeyViewProps {
  keyName: string;
  chosen: ChosenElement | null;
  onChoose: (chosen: ChosenElement | null) => void;
  /** The key has another name now, or has gone. */
  onMoved: (key: string | undefined) => void;
}

/** One key: what it is, what can be done with it, and its value. */
export function KeyView({ keyName, chosen, onChoose, onMoved }: KeyViewProps) {
  const head = useHead(keyName);
  const reload = useReload(keyName);
  const late = useAfter(200);
  if (head.isError && head.data === undefined) {
    return (
      <div className={css.aside}>
        <ProblemBox problem={problemOf(head.error)}>
          <Button variant="default" onClick={() => void head.refetch()}>
            Try again
          </Button>
        </ProblemBox>
      </div>
    );
  }
  if (head.data === undefined) return late ? <div className={css.skeleton} aria-busy /> : null;
  return (
    <div className={css.key} data-testid="key-view">
      <KeyHeadLine head={head.data} onReload={reload} onMoved={onMoved} />
      {head.data.type === 'none' ? (
        <div className={css.gone} role="status">
          This key is not there: it was deleted, or its time to live has ended.
          <Button variant="default" onClick={reload}>
            Look again
          </Button>
        </div>
      ) : (
        <KeyValue head={head.data} chosen={chosen} onChoose={onChoose} onReload={reload} />
      )}
    </div>
  );
}

function KeyValue({
  head,
  chosen,
  onChoose,
  onReload,
}: {
  head: KeyHead;
  chosen: ChosenElement | null;
  onChoose: KeyViewProps['onChoose'];
  onReload: () => void;
}) {
  if (head.type === 'string') return <StringValue head={head} onReload={onReload} />;
  if (head.type === 'json') return <JsonValue head={head} onReload={onReload} />;
  if (isElementType(head.type))
    return <ElementsView head={head} type={head.type} chosen={chosen} onChoose={onChoose} onReload={onReload} />;
  return (
    <div className={css.gone} role="status">
      Values of type {head.type} belong to a module this panel does not know. The console can read them with the module's commands.
    </div>
  );
}

function KeyHeadLine({ head, onReload, onMoved }: { head: KeyHead; onReload: () => void; onMoved: KeyViewProps['onMoved'] }) {
  const target = useTarget();
  const { icon: Icon, hue, word } = lookOf(head.type);
  const there = head.type !== 'none';
  return (
    <header className={css.keyHead}>
      <div className={css.line}>
        <Icon size={16} stroke={1.7} style={{ color: hue, flex: 'none' }} aria-hidden />
        <h2 className={`${css.keyName} mono`} title={head.key} data-testid="key-name">
          {head.key === '' ? (
            <i className="dim">(the empty key)</i>
          ) : head.key.length > 2_000 ? (
            `${head.key.slice(0, 2_000)}…`
          ) : (
            <IdText text={head.key} />
          )}
        </h2>
        <CopyButton text={head.key} label="Copy the key" />
        <span className={css.spring} />
        <Tooltip label="Read it again">
          <ActionIcon aria-label="Read it again" onClick={onReload}>
            <IconRefresh size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Button
          variant="default"
          leftSection={<IconClock size={14} stroke={1.6} />}
          disabled={!there}
          onClick={() => askExpire(target, head, onReload)}
        >
          {head.ttl === null ? 'No expiry' : `Expires in ${duration(head.ttl)}`}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label="More with this key" disabled={!there}>
              <IconDots size={15} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => askRename(target, head, onMoved)}>
              Rename…
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => askDelete(target, head, () => onMoved(undefined))}>
              Delete…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {there ? (
        <div className={`${css.facts} num`}>
          <span>{word}</span>
          {head.cardinality !== null ? <span>HyperLogLog, about {count(head.cardinality)}</span> : null}
          {head.length === null ? null : <span>{head.type === 'string' ? bytes(head.length) : plural(head.length, 'element')}</span>}
          {head.memory === null ? null : (
            <span title="MEMORY USAGE: with everything the server keeps beside it">{bytes(head.memory)} in memory</span>
          )}
          {head.encoding === null ? null : <span title="OBJECT ENCODING">{head.encoding}</span>}
          {head.idle === null ? null : (
            <span title="OBJECT IDLETIME">{head.idle === 0 ? 'just used' : `idle for ${duration(head.idle * 1000)}`}</span>
          )}
          {head.frequency === null ? null : <span title="OBJECT FREQ">frequency {head.frequency}</span>}
        </div>
      ) : null}
    </header>
  );
}
