import type { CatalogTable } from '../../../../preload/contract/sql.ts';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, count } from '../../../ui/format.ts';
import css from '../sql.module.css';
import { shortType } from './short-type.ts';

/** How a table is made: columns, keys, indexes, constraints. */
export function TableFacts({ table, onTable }: { table: CatalogTable; onTable: (schema: string, table: string) => void }) {
  return (
    <div className={css.facts}>
      <Facts
        rows={[
          ['Kind', table.kind],
          ['Rows', table.rows === null ? 'never analysed' : `about ${count(Math.round(table.rows))}`],
          ['Size', table.kind === 'view' ? null : `${bytes(table.bytes)} with indexes`],
          ['Comment', table.comment],
        ]}
      />
      <h3>Columns</h3>
      <ul className={css.plain}>
        {table.columns.map(({ name, type, nullable, default: initial, generated }) => (
          <li key={name}>
            <b className={css.fixed}>{name}</b> <span className="dim">{shortType(type)}</span>
            {nullable ? null : <span className={css.badge}>not null</span>}
            {table.primaryKey.includes(name) ? <span className={css.badge}>key</span> : null}
            {generated ? <span className={css.badge}>generated</span> : null}
            {initial === null ? null : <div className={css.code}>default {initial}</div>}
          </li>
        ))}
      </ul>
      {table.foreignKeys.length > 0 ? <h3>Foreign keys</h3> : null}
      <ul className={css.plain}>
        {table.foreignKeys.map(({ name, columns, target, targetColumns }) => (
          <li key={name}>
            <span className={css.fixed}>{columns.join(', ')}</span> →{' '}
            <button type="button" className={css.link} onClick={() => onTable(target.schema, target.table)}>
              {target.table}
            </button>{' '}
            <span className="dim">({targetColumns.join(', ')})</span>
          </li>
        ))}
      </ul>
      {table.indexes.length > 0 ? <h3>Indexes</h3> : null}
      <ul className={css.plain}>
        {table.indexes.map(({ name, definition, bytes: size, unique, valid }) => (
          <li key={name}>
            <span className={css.fixed}>{name}</span> <span className="dim num">{bytes(size)}</span>
            {unique ? <span className={css.badge}>unique</span> : null}
            {valid ? null : <span className={css.badge}>not valid</span>}
            <div className={css.code}>{definition.replace(/^.* USING /, 'using ')}</div>
          </li>
        ))}
      </ul>
      {table.constraints.length > 0 ? <h3>Constraints and triggers</h3> : null}
      <ul className={css.plain}>
        {table.constraints.map(({ name, definition }) => (
          <li key={name}>
            <span className={css.fixed}>{name}</span>
            <div className={css.code}>{definition}</div>
          </li>
        ))}
      </ul>
    </div>
  );
}
