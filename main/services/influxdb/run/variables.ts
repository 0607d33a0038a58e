/** `v`, as InfluxDB's own window gives it to queries: the range, the window and the stack's bucket, bound as an AST and never as text. */
import { NoodleError } from '../../../errors.ts';
import type { Span } from '../flux.ts';

export interface Variables {
  readonly span: Span;
  /** ms */
  readonly every: number;
  readonly bucket: string;
}

/** What `extern` takes: a Flux file that stands before the query. */
export function variables({ span, every, bucket }: Variables): unknown {
  if (!Number.isSafeInteger(every) || every <= 0) throw new NoodleError({ code: 'bad-argument', what: `${every} ms is no window.` });
  const properties = [
    property('timeRangeStart', { type: 'DateTimeLiteral', value: new Date(span.start).toISOString() }),
    property('timeRangeStop', { type: 'DateTimeLiteral', value: new Date(span.stop).toISOString() }),
    property('windowPeriod', { type: 'DurationLiteral', values: [{ magnitude: every, unit: 'ms' }] }),
    property('defaultBucket', { type: 'StringLiteral', value: bucket }),
  ];
  const assignment = { type: 'VariableAssignment', id: { type: 'Identifier', name: 'v' }, init: { type: 'ObjectExpression', properties } };
  return { type: 'File', package: null, imports: null, body: [{ type: 'OptionStatement', assignment }] };
}

function property(name: string, value: unknown) {
  return { type: 'Property', key: { type: 'Identifier', name }, value };
}
