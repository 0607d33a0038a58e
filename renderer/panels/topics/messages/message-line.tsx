import type { MessageRow, PayloadForm } from '../../../../preload/contract/index.ts';
import { bytes, clock, dateTime, type Zone } from '../../../ui/format.ts';
import css from '../topics.module.css';

export function MessageHead({ partitions }: { partitions: number }) {
  return (
    <div className={css.message} data-head aria-hidden>
      <span>Published</span>
      <span>{partitions > 0 ? 'Id : partition' : 'Id'}</span>
      <span>Key</span>
      <span className={css.right}>Size</span>
      <span>Payload</span>
    </div>
  );
}

/** What stands in place of a payload that cannot be shown on one line. */
export const formWords: Readonly<Partial<Record<PayloadForm, string>>> = {
  binary: 'binary',
  empty: 'empty',
  withheld: 'large: open it to read it',
};

/** @param brief where there is little room: when, key and payload */
export function MessageLine({ row, zone, brief = false }: { row: MessageRow | undefined; zone: Zone; brief?: boolean }) {
  if (!row) return null;
  return (
    <div className={css.message} data-brief={brief || undefined}>
      <span className={css.quiet} title={dateTime(row.published, zone)}>
        {clock(row.published, zone)}
      </span>
      {brief ? null : (
        <span className={css.quiet} title={row.id}>
          {shortId(row.id)}
        </span>
      )}
      {row.key === null ? <span className={css.form}>no key</span> : <span title={row.key}>{row.key}</span>}
      {brief ? null : <span className={`${css.quiet} ${css.right}`}>{bytes(row.size)}</span>}
      {formWords[row.form] ? (
        <span className={css.form}>{formWords[row.form]}</span>
      ) : (
        <span>
          {row.text}
          {row.properties === '' ? null : <em className={css.quiet}>{`  ${row.properties}`}</em>}
        </span>
      )}
    </div>
  );
}

/** `52:556 #3` for the fourth message of a batch: its whole id is in the tooltip. */
function shortId(id: string): string {
  const [ledger, entry, partition, batch] = id.split(':');
  const place = partition === undefined || partition === '-1' ? `${ledger}:${entry}` : `${ledger}:${entry}:${partition}`;
  return batch === undefined ? place : `${place} #${batch}`;
}
