import { bytes } from '../../../ui/format.ts';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { type Bson, fieldOf, parseEjson } from '../bson/bson.ts';
import { keyText, shellLine, shellText } from '../bson/shell.ts';
import css from '../documents.module.css';
import type { ResultView } from '../query/use-result.ts';

/** Characters of a preview: what fits on a wide line. */
const shown = 400;

/** A line for its id, two for what is in it. */
export function DocumentList({
  result,
  selected,
  onSelect,
}: {
  result: ResultView;
  selected: number | null;
  onSelect: (at: number | null) => void;
}) {
  return (
    <VirtualList
      label="Documents"
      count={result.rows}
      rowHeight={64}
      row={(at) => <Row at={at} result={result} />}
      want={result.want}
      selected={selected}
      onSelect={onSelect}
      onCopy={(at) => {
        const document = result.documentAt(at);
        if (document) void navigator.clipboard.writeText(shellText(document));
      }}
      testId="documents-list"
    />
  );
}

function Row({ at, result }: { at: number; result: ResultView }) {
  const row = result.rowAt(at);
  if (row === undefined) return <div className={css.rowWaiting} aria-busy />;
  const document = result.documentAt(at);
  return (
    <div className={css.document}>
      <div className={css.documentHead}>
        <span className={`${css.documentId} cut`}>
          {row.id === null ? <i className="dim">no _id</i> : shellLine(parseEjson(row.id), 200)}
        </span>
        <span className={`${css.documentSize} num`}>{bytes(row.bytes)}</span>
      </div>
      <div className={css.documentText}>{document === undefined ? <Withheld row={row} /> : <Preview document={document} />}</div>
    </div>
  );
}

function Withheld({ row }: { row: NonNullable<ReturnType<ResultView['rowAt']>> }) {
  const fields = row.outline ?? [];
  return (
    <span className="dim">
      Big, so not read:{' '}
      {fields
        .slice(0, 12)
        .map(({ name, type, bytes: size }) => `${name} (${type}, ${bytes(size)})`)
        .join(', ')}
      {fields.length > 12 ? ' …' : ''}
    </span>
  );
}

function Preview({ document }: { document: Bson }) {
  if (document.kind !== 'object') return null;
  let length = 0;
  const fields = document.fields.filter(([name]) => name !== '_id' || fieldOf(document, '_id') === undefined);
  const parts = [];
  for (const [name, value] of fields) {
    if (length > shown) break;
    const text = shellLine(value, 120);
    length += name.length + text.length;
    parts.push(
      <span key={name} className={css.pair}>
        <span className={css.name}>{keyText(name)}</span>:{' '}
        <span className={css[`of-${value.kind}`] ?? css.other}>{text.slice(0, 160)}</span>
      </span>,
    );
  }
  return <>{parts}</>;
}
