/** Edits of a grid: shown as the statements they are, then done all or none. */
import type { NewValue, RowChange, TableName } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import type { PostgresClient } from '../client.ts';
import { quoteIdentifier } from '../quote.ts';
import { tableFailure } from './failure.ts';
import { literal, numberLiteral } from './literal.ts';
import { keyText } from './read.ts';
import type { SqlText } from './select.ts';
import { columnOf, shapeOf, type TableShape } from './shape.ts';
import { textQuery } from './text-query.ts';

/** The script that `applyChanges` runs, with its values in it. */
export async function previewChanges(
  client: PostgresClient,
  name: TableName,
  changes: readonly RowChange[],
  signal: AbortSignal,
): Promise<string> {
  const shape = await shapeOf(client, name, signal);
  const script = changes.map((change) => `${readable(shape, change, statementOf(shape, change, false))};`);
  return ['begin;', ...script, 'commit;'].join('\n');
}

/** @returns how many rows were changed. @throws NoodleError conflict: a row is no longer as it was read; nothing was changed then */
export async function applyChanges(
  client: PostgresClient,
  name: TableName,
  changes: readonly RowChange[],
  signal: AbortSignal,
): Promise<number> {
  const shape = await shapeOf(client, name, signal);
  const statements = changes.map((change) => statementOf(shape, change, true));
  return client
    .lend(async (lent) => {
      await lent.query('begin');
      try {
        for (const [at, { text, values }] of statements.entries()) {
          const { rowCount } = await lent.query(text, [...values]);
          if (rowCount !== 1) throw await conflict(shape, changes[at]!, (asked) => textQuery(lent, asked));
        }
        await lent.query('commit');
        return changes.length;
      } catch (error) {
        await lent.query('rollback').catch(() => {});
        throw error;
      }
    }, signal)
    .catch(tableFailure(shape));
}

/** @param guarded only the row as it was read: its `xmin` is the version */
function statementOf(shape: TableShape, change: RowChange, guarded: boolean): SqlText {
  const values: (string | null)[] = [];
  const bound = (value: NewValue) => ('default' in value ? 'default' : `$${values.push(value.value)}`);
  const set =
    'set' in change ? Object.entries(change.set).map(([name, value]) => [quoteIdentifier(columnOf(shape, name).name), bound(value)]) : [];
  if (change.act === 'insert') {
    if (set.length === 0) return { text: `insert into ${shape.quoted} default values`, values };
    return {
      text: `insert into ${shape.quoted} (${set.map(([name]) => name).join(', ')}) values (${set.map(([, value]) => value).join(', ')})`,
      values,
    };
  }
  if (change.act === 'update' && set.length === 0)
    throw new NoodleError({ code: 'bad-argument', what: 'An update changes at least one column.' });
  const key = keyText(shape, change.key, values.length + 1);
  values.push(...key.values);
  const guard = guarded ? ` and xmin::text = $${values.push(change.version)}` : '';
  if (change.act === 'delete') return { text: `delete from ${shape.quoted}${key.text}${guard}`, values };
  return { text: `update ${shape.quoted} set ${set.map(([name, value]) => `${name} = ${value}`).join(', ')}${key.text}${guard}`, values };
}

async function conflict(shape: TableShape, change: RowChange, ask: (asked: SqlText) => Promise<readonly unknown[]>): Promise<NoodleError> {
  if (change.act === 'insert') {
    return new NoodleError({
      code: 'query-failed',
      what: 'The row was not inserted.',
      why: 'A trigger or a rule of the table put it aside.',
    });
  }
  const key = keyText(shape, change.key);
  const there = (await ask({ text: `select from ${shape.quoted}${key.text}`, values: key.values })).length > 0;
  const row = shape.key.map((column) => `${column} ${change.key[column]}`).join(', ');
  return new NoodleError({
    code: 'conflict',
    what: there ? `The row with ${row} was changed by someone else.` : `The row with ${row} is no longer there.`,
    why: 'It is not as it was when it was read. Nothing was changed.',
    todo: 'Load the table again, and look at what it holds now.',
  });
}

/** Values put where they are bound. */
function readable(shape: TableShape, change: RowChange, { text, values }: SqlText): string {
  const names = 'set' in change ? Object.entries(change.set).flatMap(([name, value]) => ('default' in value ? [] : [name])) : [];
  const columns = change.act === 'insert' ? names : [...names, ...shape.key];
  return text.replace(/"(?:[^"]|"")*"|\$(\d+)/g, (whole, place: string | undefined) => {
    if (place === undefined) return whole;
    const at = Number(place) - 1;
    const kind = shape.columns.find(({ name }) => name === columns[at])?.kind;
    return kind === 'number' ? numberLiteral(values[at]!) : literal(values[at]!);
  });
}
