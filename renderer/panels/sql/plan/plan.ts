/** A plan as it is read, wherever it came from: pure. Times in ms. */

export interface Buffers {
  /** Blocks of 8 KiB. */
  hit: number;
  read: number;
  dirtied: number;
  written: number;
  temp: number;
}

/** What a parser finds of one node. */
export interface RawNode {
  /** "Index Scan", "Hash Join" */
  type: string;
  /** "users u", "users_pkey on users u" */
  target: string;
  /** "InitPlan 1", "CTE recent": what it is to its parent, when that is more than an input. */
  role: string | null;
  cost: number | null;
  /** Rows expected, and rows seen, each a loop. */
  planRows: number | null;
  rows: number | null;
  loops: number;
  /** One loop with its inputs; null: not measured */
  time: number | null;
  never: boolean;
  workers: number;
  buffers: Buffers | null;
  details: [name: string, value: string][];
  children: RawNode[];
}

export interface RawPlan {
  root: RawNode;
  planning: number | null;
  execution: number | null;
  details: [name: string, value: string][];
}

export interface PlanNode extends Omit<RawNode, 'children'> {
  id: number;
  depth: number;
  /** All loops with their inputs, and without them. */
  inclusive: number | null;
  own: number | null;
  /** Share of the whole time, or of the whole cost when nothing was measured, that is its own. */
  share: number;
  /** How far the planner was off: 10 means ten times too few, 0.1 ten times too many; null: not measured. */
  misjudged: number | null;
  /** Blocks of its own, without those of its inputs. */
  ownBuffers: Buffers | null;
  children: PlanNode[];
}

export interface Plan extends Omit<RawPlan, 'root'> {
  root: PlanNode;
  /** All nodes, each after its parent. */
  nodes: PlanNode[];
  measured: boolean;
  total: number;
}

export function planOf({ root, ...rest }: RawPlan): Plan {
  const nodes: PlanNode[] = [];
  const measured = root.time !== null;
  const whole = Math.max(measured ? root.time! * root.loops : (root.cost ?? 0), Number.MIN_VALUE);
  const build = (raw: RawNode, depth: number, workers: number, cutShort: boolean): PlanNode => {
    const node: PlanNode = {
      ...raw,
      id: nodes.length,
      depth,
      children: [],
      inclusive: null,
      own: null,
      share: 0,
      misjudged: misjudgement(raw, cutShort),
      ownBuffers: null,
    };
    nodes.push(node);
    // Workers run side by side: what each of them does counts once.
    const beside = Math.max(workers, raw.workers);
    const below = raw.type === 'Limit' || (cutShort && !takesAll.test(raw.type));
    node.children = raw.children.map((child) => build(child, depth + 1, beside, below));
    node.inclusive = raw.time === null ? null : (raw.time * raw.loops) / (workers > 0 ? Math.min(raw.loops, workers + 1) : 1);
    const inputs = node.children.reduce((sum, child) => sum + (child.inclusive ?? 0), 0);
    node.own = node.inclusive === null ? null : Math.max(0, node.inclusive - inputs);
    const cost = Math.max(0, (raw.cost ?? 0) - raw.children.reduce((sum, child) => sum + (child.cost ?? 0), 0));
    node.share = Math.min(1, (measured ? (node.own ?? 0) : cost) / whole);
    node.ownBuffers = ownBuffers(raw);
    return node;
  };
  const top = build(root, 0, 0, false);
  return { ...rest, root: top, nodes, measured, total: whole };
}

/** Nodes that read all of their input before they give anything. */
const takesAll = /Sort$|Hash$|Aggregate|Materialize|WindowAgg|Bitmap/;

/** @param cutShort it stands below a limit: that it gave less than expected says nothing */
function misjudgement({ planRows, rows, never }: RawNode, cutShort: boolean): number | null {
  if (never || planRows === null || rows === null || (cutShort && rows < planRows)) return null;
  return Math.max(rows, 1) / Math.max(planRows, 1);
}

/** Blocks are told with those of the inputs. */
function ownBuffers({ buffers, children }: RawNode): Buffers | null {
  if (buffers === null) return null;
  const own = { ...buffers };
  for (const { buffers: theirs } of children) {
    if (theirs === null) continue;
    for (const key of Object.keys(own) as (keyof Buffers)[]) own[key] = Math.max(0, own[key] - theirs[key]);
  }
  return own;
}

/** In words, when it is worth a word: "14× more rows than expected". */
export function misjudgedWords(factor: number | null): string | null {
  if (factor === null || (factor < 4 && factor > 0.25)) return null;
  const times = factor >= 1 ? factor : 1 / factor;
  const told = times < 10 ? times.toFixed(1) : Math.round(times).toLocaleString('en-US');
  return `${told}× ${factor >= 1 ? 'more' : 'fewer'} rows than expected`;
}
