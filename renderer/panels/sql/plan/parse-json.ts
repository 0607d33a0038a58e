/** EXPLAIN (FORMAT JSON): https://www.postgresql.org/docs/17/sql-explain.html */
import type { Buffers, RawNode, RawPlan } from './plan.ts';

type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined when it is JSON of something else */
export function parseJsonPlan(json: unknown): RawPlan | undefined {
  const top = Array.isArray(json) ? json[0] : json;
  if (!isFields(top)) return undefined;
  const plan = isFields(top.Plan) ? top.Plan : 'Node Type' in top ? top : undefined;
  if (!plan) return undefined;
  const settings = isFields(top.Settings)
    ? Object.entries(top.Settings).map(([name, value]): [string, string] => [name, String(value)])
    : [];
  return { root: nodeOf(plan), planning: numberOf(top['Planning Time']), execution: numberOf(top['Execution Time']), details: settings };
}

/** Fields that a node's own line, time, rows and blocks tell already. */
const told =
  /^(Node Type|Plans|Parent Relationship|Subplan Name|Startup Cost|Total Cost|Plan Rows|Plan Width|Actual .*|.* Blocks|.* Time|Relation Name|Schema|Alias|Index Name|CTE Name|Function Name|Parallel Aware|Async Capable|Join Type|Strategy|Partial Mode|Operation|Workers.*|Scan Direction|Disabled|Inner Unique)$/;

function nodeOf(fields: Fields): RawNode {
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : '');
  const loops = numberOf(fields['Actual Loops']);
  const relation = [text('Relation Name') || text('CTE Name') || text('Function Name'), alias(text('Alias'), text('Relation Name'))]
    .filter(Boolean)
    .join(' ');
  const role = text('Subplan Name') || (text('Parent Relationship') === 'SubPlan' ? 'SubPlan' : '');
  return {
    type: typeOf(text),
    target: [text('Index Name'), relation].filter(Boolean).join(' on '),
    role: role || null,
    cost: numberOf(fields['Total Cost']),
    planRows: numberOf(fields['Plan Rows']),
    rows: numberOf(fields['Actual Rows']),
    loops: loops ?? 1,
    time: numberOf(fields['Actual Total Time']),
    never: loops === 0,
    workers: numberOf(fields['Workers Launched']) ?? 0,
    buffers: buffersOf(fields),
    details: Object.entries(fields).flatMap(([name, value]) => (told.test(name) ? [] : [[name, valueText(value)] as [string, string]])),
    children: Array.isArray(fields.Plans) ? fields.Plans.filter(isFields).map(nodeOf) : [],
  };
}

/** As the text form has it: "Hash Left Join", "Partial HashAggregate", "Parallel Seq Scan". */
function typeOf(text: (name: string) => string): string {
  let type = text('Node Type');
  const join = text('Join Type');
  if (join && join !== 'Inner') type = type.endsWith('Join') ? type.replace('Join', `${join} Join`) : `${type} ${join} Join`;
  else if (type === 'Nested Loop' || join === '') type = { ModifyTable: text('Operation') || type }[type] ?? type;
  if (type === 'Aggregate') type = { Hashed: 'HashAggregate', Sorted: 'GroupAggregate', Mixed: 'MixedAggregate' }[text('Strategy')] ?? type;
  const partial = text('Partial Mode');
  return partial === 'Partial' || partial === 'Finalize' ? `${partial} ${type}` : type;
}

function alias(given: string, relation: string): string {
  return given === relation ? '' : given;
}

function buffersOf(fields: Fields): Buffers | null {
  if (numberOf(fields['Shared Hit Blocks']) === null) return null;
  const sum = (...names: string[]) => names.reduce((total, name) => total + (numberOf(fields[name]) ?? 0), 0);
  return {
    hit: sum('Shared Hit Blocks', 'Local Hit Blocks'),
    read: sum('Shared Read Blocks', 'Local Read Blocks'),
    dirtied: sum('Shared Dirtied Blocks', 'Local Dirtied Blocks'),
    written: sum('Shared Written Blocks', 'Local Written Blocks'),
    temp: sum('Temp Read Blocks', 'Temp Written Blocks'),
  };
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
