/** Edits as commands, before anything runs: what must still be so, and what is done then. */
import type { KeyEdit } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { bytesOf, givenBytes } from '../bytes.ts';
import { commandText } from '../command-text.ts';
import type { Argv, Reply } from '../link.ts';
import { jsonProblemAt } from './json-problem.ts';

/** A command asked first, and what it must answer. */
export interface Check {
  readonly ask: Argv;
  readonly holds: (reply: Reply) => boolean;
  /** What it means when it does not. */
  readonly changed: string;
}

export interface EditPlan {
  readonly checks: readonly Check[];
  readonly commands: readonly Argv[];
}

type EditOf<Kind extends KeyEdit['kind']> = Extract<KeyEdit, { kind: Kind }>;
type Planner<Kind extends KeyEdit['kind']> = (key: Buffer, edit: EditOf<Kind>) => EditPlan;

const fieldChanged = 'The field was changed by someone else meanwhile.';
const valueChanged = 'The value was changed by someone else meanwhile.';
const moved = 'The list was changed by someone else meanwhile.';

const planners: { readonly [Kind in KeyEdit['kind']]: Planner<Kind> } = {
  'string-set': (key, { value, was }) => ({
    checks: was === null ? [] : stringChecks(key, was),
    commands: [['SET', key, givenBytes(value), 'KEEPTTL']],
  }),
  'string-add': (key, { by }) => only([['INCRBY', key, by]]),
  'hash-put': (key, { field, value, was, isNew }) => {
    const name = bytesOf(field);
    const checks: Check[] = [];
    if (isNew) checks.push({ ask: ['HEXISTS', key, name], holds: (reply) => reply === '0', changed: 'There is such a field already.' });
    else if (was !== null) checks.push({ ask: ['HGET', key, name], holds: begins(was), changed: fieldChanged });
    return { checks, commands: [['HSET', key, name, givenBytes(value)]] };
  },
  'hash-remove': (key, { fields }) => only([['HDEL', key, ...fields.map(bytesOf)]]),
  'list-put': (key, { index, value, was }) => ({
    checks: was === null ? [] : [{ ask: ['LINDEX', key, index], holds: begins(was), changed: moved }],
    commands: [['LSET', key, index, givenBytes(value)]],
  }),
  'list-push': (key, { end, value }) => only([[end === 'head' ? 'LPUSH' : 'RPUSH', key, givenBytes(value)]]),
  'list-remove': (key, { index, was }) => {
    // Redis removes by value only: the place is given a value that stands nowhere else.
    const mark = Buffer.from(`noodlebox:removed:${crypto.randomUUID()}`);
    return {
      checks: was === null ? [] : [{ ask: ['LINDEX', key, index], holds: begins(was), changed: moved }],
      commands: [
        ['LSET', key, index, mark],
        ['LREM', key, 1, mark],
      ],
    };
  },
  'set-add': (key, { member }) => only([['SADD', key, givenBytes(member)]]),
  'set-remove': (key, { members }) => only([['SREM', key, ...members.map(bytesOf)]]),
  'zset-put': (key, { member, score, wasScore }) => {
    const name = givenBytes(member);
    const same = (reply: Reply) => reply !== null && Number(String(reply)) === Number(wasScore);
    return {
      checks:
        wasScore === null ? [] : [{ ask: ['ZSCORE', key, name], holds: same, changed: 'The score was changed by someone else meanwhile.' }],
      commands: [['ZADD', key, score, name]],
    };
  },
  'zset-remove': (key, { members }) => only([['ZREM', key, ...members.map(bytesOf)]]),
  'stream-add': (key, { id, fields }) =>
    only([['XADD', key, id, ...fields.flatMap(({ name, value }) => [givenBytes(name), givenBytes(value)])]]),
  'stream-remove': (key, { ids }) => only([['XDEL', key, ...ids]]),
  'stream-trim': (key, { maxlen }) => only([['XTRIM', key, 'MAXLEN', maxlen]]),
  'group-create': (key, { group, from }) => only([['XGROUP', 'CREATE', key, bytesOf(group), from, 'MKSTREAM']]),
  'group-move': (key, { group, to }) => only([['XGROUP', 'SETID', key, bytesOf(group), to]]),
  'group-destroy': (key, { group }) => only([['XGROUP', 'DESTROY', key, bytesOf(group)]]),
  'group-ack': (key, { group, ids }) => only([['XACK', key, bytesOf(group), ...ids]]),
  'json-set': (key, { path, json }) => only([['JSON.SET', key, path, validJson(json)]]),
  'json-remove': (key, { path }) => only([['JSON.DEL', key, path]]),
  'hyperloglog-add': (key, { elements }) => only([['PFADD', key, ...elements.map(givenBytes)]]),
  expire: (key, { ttl }) => only([ttl === null ? ['PERSIST', key] : ['PEXPIRE', key, ttl]]),
  rename: (key, { to }) => ({
    checks: [{ ask: ['EXISTS', bytesOf(to)], holds: (reply) => reply === '0', changed: 'There is a key of that name already.' }],
    commands: [['RENAMENX', key, bytesOf(to)]],
  }),
  delete: (key) => only([['UNLINK', key]]),
};

/** @throws NoodleError bad-argument for values that cannot be what they are said to be */
export function planEdit(key: string, edit: KeyEdit): EditPlan {
  const plan = planners[edit.kind] as (key: Buffer, edit: KeyEdit) => EditPlan;
  return plan(bytesOf(key), edit);
}

/** The commands as they could be typed, a line each; several of them run as one. */
export function printedPlan({ commands }: EditPlan): string {
  const lines = commands.map((command) => commandText(command));
  return lines.length === 1 ? lines[0]! : ['MULTI', ...lines, 'EXEC'].join('\n');
}

function only(commands: readonly Argv[]): EditPlan {
  return { checks: [], commands };
}

/** A string of which only a part was seen is compared by its size and that part: it need not be read whole. */
function stringChecks(key: Buffer, was: NonNullable<EditOf<'string-set'>['was']>): Check[] {
  const seen = givenBytes(was);
  return [
    { ask: ['STRLEN', key], holds: (reply) => reply === String(was.bytes), changed: valueChanged },
    ...(seen.length === 0
      ? []
      : [
          {
            ask: ['GETRANGE', key, 0, seen.length - 1] as const,
            holds: (reply: Reply) => Buffer.isBuffer(reply) && reply.equals(seen),
            changed: valueChanged,
          },
        ]),
  ];
}

function begins(was: NonNullable<EditOf<'string-set'>['was']>): (reply: Reply) => boolean {
  const seen = givenBytes(was);
  return (reply) => Buffer.isBuffer(reply) && reply.length === was.bytes && reply.subarray(0, seen.length).equals(seen);
}

function validJson(json: string): string {
  try {
    JSON.parse(json);
    return json;
  } catch (error) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'This is no JSON.',
      why: (error as Error).message,
      at: { offset: jsonProblemAt(json), length: 1 },
    });
  }
}
