import { clock, dateTime, type Zone } from '../../ui/format.ts';
import { hueOf } from '../../ui/theme.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import css from './logs.module.css';
import { marked } from './marks.ts';
import type { IndexedLine } from './use-logs.ts';

const rowHeight = 20;

interface LogListProps {
  count: number;
  lineAt: (position: number) => IndexedLine | undefined;
  want: (from: number, to: number) => void;
  /** Kind of each service, for its hue. */
  kinds: ReadonlyMap<string, string | null>;
  search: string;
  zone: Zone;
  following: boolean;
  onFollow: (following: boolean) => void;
  selected: number | null;
  onSelect: (position: number | null) => void;
}

/** A million lines scroll like a hundred. */
export function LogList({ count, lineAt, want, kinds, search, zone, following, onFollow, selected, onSelect }: LogListProps) {
  return (
    <VirtualList
      label="Log lines"
      count={count}
      rowHeight={rowHeight}
      row={(position) => {
        const line = lineAt(position);
        return line === undefined ? null : <Row line={line} kind={kinds.get(line.service) ?? null} search={search} zone={zone} />;
      }}
      want={want}
      selected={selected}
      onSelect={onSelect}
      onCopy={(position) => void navigator.clipboard.writeText(lineAt(position)?.text ?? '')}
      follow={following}
      onFollow={onFollow}
      testId="logs-list"
    />
  );
}

function Row({ line, kind, search, zone }: { line: IndexedLine; kind: string | null; search: string; zone: Zone }) {
  return (
    <div className={css.row} data-level={line.level}>
      <span className={css.time} title={dateTime(line.time, zone)}>
        {clock(line.time, zone)}
      </span>
      <span className={css.service} style={{ color: hueOf(kind) }}>
        {line.service}
      </span>
      <span className={css.level}>{line.level}</span>
      <span className={css.text}>
        <Marked text={line.text.slice(0, 2_000)} search={search} />
      </span>
    </div>
  );
}

/** A text with what was searched for marked in it. */
export function Marked({ text, search }: { text: string; search: string }) {
  return marked(text, search).map((piece) => (piece.found ? <mark key={piece.at}>{piece.text}</mark> : piece.text));
}
