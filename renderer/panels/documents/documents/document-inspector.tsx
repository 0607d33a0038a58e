import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCopyPlus, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { DocumentRow, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { bytes } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import { type Bson, parseEjson } from '../bson/bson.ts';
import { quoted, shellLine, shellText } from '../bson/shell.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import { BsonTree } from './bson-tree.tsx';
import { EditDocument } from './edit-document.tsx';
import { askInsert } from './insert-dialog.tsx';

interface DocumentInspectorProps {
  place: CollectionPlace;
  result: string;
  row: DocumentRow;
  document: Bson | undefined;
  /** The document is as it is stored: no projection leaves fields out. */
  whole: boolean;
  onReplaced: (ejson: string, bytes: number) => void;
  /** Something was added or deleted: the result is no longer what it was. */
  onChanged: () => void;
  /** Something was typed into it that is not saved, or no longer. */
  onEdited: (changed: boolean) => void;
  onClose: () => void;
}

/** Texts up to this are drawn as a tree; bigger ones as text. */
const treeMost = 2 * 1024 * 1024;

/** One document: looked at, edited, duplicated, deleted. */
export function DocumentInspector({
  place,
  result,
  row,
  document: shown,
  whole,
  onReplaced,
  onChanged,
  onEdited,
  onClose,
}: DocumentInspectorProps) {
  const [fetched, setFetched] = useState<{ ejson: string; document: Bson } | null>(null);
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read whole belongs to what was shown then
  useEffect(() => setFetched(null), [shown]);
  const document = shown ?? fetched?.document;
  const id = row.id === null ? null : parseEjson(row.id);
  const idText = id === null ? 'no _id' : shellLine(id, 120);
  const fetchWhole = async () => {
    try {
      const { ejson } = await api.documents.whole({ stack: place.stack, service: place.service, result, at: row.at });
      setFetched({ ejson, document: parseEjson(ejson) });
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const remove = () =>
    askLoss({
      title: 'Delete this document?',
      losses: [`the document ${idText} of ${place.collection}, ${bytes(row.bytes)}`],
      statements: `db.getCollection(${quoted(place.collection)}).deleteOne({ _id: ${idText} })`,
      button: 'Delete 1 document',
      act: async () => {
        await api.documents.delete({ stack: place.stack, service: place.service, result, at: [row.at] });
        onChanged();
      },
    });
  const duplicate = () => {
    if (document?.kind !== 'object') return;
    const copy: Bson = { kind: 'object', fields: document.fields.filter(([name]) => name !== '_id') };
    askInsert(place, onChanged, shellText(copy));
  };
  const act = whole && document !== undefined && id !== null;
  const why = whole ? 'Load it first' : 'Clear the projection to edit';
  return (
    <div className={css.inspector} data-testid="document-inspector">
      <PaneHead title={idText}>
        {document === undefined ? null : <CopyButton text={shellText(document)} label="Copy document" />}
        <Tooltip label={act ? 'Edit' : why}>
          <ActionIcon size={24} aria-label="Edit document" disabled={!act} onClick={() => setEditing(true)}>
            <IconPencil size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Duplicate">
          <ActionIcon size={24} aria-label="Duplicate document" disabled={!act} onClick={duplicate}>
            <IconCopyPlus size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Delete">
          <ActionIcon size={24} aria-label="Delete document" disabled={!whole || id === null} onClick={remove}>
            <IconTrash size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon size={24} aria-label="Close" onClick={onClose}>
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      {problem === null ? null : (
        <div className={css.aside}>
          <ProblemBox problem={problem} />
        </div>
      )}
      {document === undefined ? <Outline row={row} onWhole={() => void fetchWhole()} /> : null}
      {document !== undefined && editing ? (
        <EditDocument
          place={place}
          result={result}
          at={row.at}
          document={document}
          onSaved={(ejson, size) => {
            setEditing(false);
            onReplaced(ejson, size);
            if (shown === undefined) setFetched({ ejson, document: parseEjson(ejson) });
          }}
          onEdited={onEdited}
          onCancel={() => setEditing(false)}
        />
      ) : null}
      {document !== undefined && !editing ? (
        <div className={css.inspectorBody}>
          {fetched !== null && fetched.ejson.length > treeMost ? (
            <ValueView text={fetched.ejson} kind="text" bytes={row.bytes} />
          ) : (
            <BsonTree value={document} />
          )}
        </div>
      ) : null}
    </div>
  );
}

/** What is in a document that is too big to be read unasked. */
function Outline({ row, onWhole }: { row: DocumentRow; onWhole: () => void }) {
  return (
    <div className={css.inspectorBody}>
      <p className="dim">This document has {bytes(row.bytes)}. Only its fields are told until you ask for it.</p>
      <Button variant="default" onClick={onWhole}>
        Load all {bytes(row.bytes)}
      </Button>
      <table className={css.outline}>
        <tbody>
          {(row.outline ?? []).map(({ name, type, bytes: size, ejson }) => (
            <tr key={name}>
              <td className={css.name}>{name}</td>
              <td className="dim">{type}</td>
              <td className="num">{ejson === null ? bytes(size) : shellLine(parseEjson(ejson), 60)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
