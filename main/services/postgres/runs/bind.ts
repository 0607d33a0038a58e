/** A statement and its named parameters as the server is given them. */
import type { SqlParam } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import { typeOid } from '../results/types.ts';
import { type Numbered, numbered, type Statement } from '../text/statements.ts';
import type { Bound } from '../wire/frames.ts';

export interface BoundStatement {
  readonly bound: Bound;
  readonly sent: Numbered;
}

/** @throws NoodleError bad-argument for a parameter without a value, with its place */
export function bind(statement: Statement, params: Readonly<Record<string, SqlParam>>): BoundStatement {
  if (statement.text.includes('\0')) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'A statement cannot hold a NUL character.',
      at: { offset: statement.offset + statement.text.indexOf('\0'), length: 1 },
    });
  }
  const sent = numbered(statement.text);
  const values = sent.names.map((name) => {
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    if (param) return param;
    const at = statement.text.indexOf(`:${name}`);
    throw new NoodleError({
      code: 'bad-argument',
      what: `The parameter :${name} has no value.`,
      todo: 'Give it one, or NULL.',
      at: { offset: statement.offset + at, length: name.length + 1 },
    });
  });
  return {
    sent,
    bound: {
      text: sent.text,
      types: values.map(({ type }) => (type === 'auto' ? 0 : typeOid(type))),
      values: values.map(({ value }) => value),
    },
  };
}
