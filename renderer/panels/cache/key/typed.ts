/** The stack's own keys, read for what they are. */

export interface TypedView {
  readonly title: string;
  readonly rows: readonly (readonly [label: string, value: TypedValue])[];
}

export type TypedValue =
  | { readonly kind: 'text' | 'id' | 'state'; readonly text: string }
  | { readonly kind: 'time' | 'duration' | 'bytes' | 'number'; readonly value: number };

type Read = (value: unknown) => TypedValue | null;

const text: Read = (value) => (typeof value === 'string' ? { kind: 'text', text: value } : null);
const id: Read = (value) => (typeof value === 'string' ? { kind: 'id', text: value } : null);
const state: Read = (value) => (typeof value === 'string' ? { kind: 'state', text: value } : null);
const numbered =
  (kind: 'duration' | 'bytes' | 'number'): Read =>
  (value) =>
    typeof value === 'number' ? { kind, value } : null;
const time: Read = (value) => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? { kind: 'time', value: at } : null;
};

const shapes: Readonly<
  Record<string, { readonly title: string; readonly fields: readonly (readonly [label: string, name: string, read: Read])[] }>
> = {
  session: {
    title: 'Session',
    fields: [
      ['User', 'username', text],
      ['User id', 'user_id', id],
      ['Logged in', 'created_at', time],
      ['Address', 'ip_address', text],
      ['Browser', 'user_agent', text],
    ],
  },
  compilation: {
    title: 'Compilation result',
    fields: [
      ['Status', 'status', state],
      ['Job', 'job_id', id],
      ['Project', 'project_id', id],
      ['Took', 'execution_time', numbered('duration')],
      ['Memory', 'memory_usage', numbered('bytes')],
      ['Optimization', 'optimization_level', numbered('number')],
    ],
  },
  model: {
    title: 'Model',
    fields: [
      ['Name', 'name', text],
      ['Type', 'model_type', text],
      ['Status', 'status', state],
      ['Size', 'model_size', numbered('bytes')],
      ['Model', 'model_id', id],
      ['Project', 'project_id', id],
    ],
  },
};

/** What a value of one of the stack's keys says; undefined when it is none of them, or does not look like one. */
export function typedView(key: string, value: string): TypedView | undefined {
  const prefix = key.slice(0, key.indexOf(':'));
  if (prefix === 'counter') return /^-?\d{1,19}$/.test(value) ? { title: 'Counter', rows: [] } : undefined;
  const shape = Object.hasOwn(shapes, prefix) ? shapes[prefix] : undefined;
  if (shape === undefined) return undefined;
  const object = parsed(value);
  if (typeof object !== 'object' || object === null) return undefined;
  const rows = shape.fields.flatMap(([label, name, read]) => {
    const told = read((object as Record<string, unknown>)[name]);
    return told === null ? [] : [[label, told] as const];
  });
  return rows.length === 0 ? undefined : { title: shape.title, rows };
}

export function isCounter(key: string, value: string): boolean {
  return key.startsWith('counter:') && /^-?\d{1,19}$/.test(value);
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
