/** EXPLAIN's own text form: a node a line, deeper ones further in, what is known of each below it. */
import type { Buffers, RawNode, RawPlan } from './plan.ts';

const nodeLine =
  /^(\s*)(->\s+)?(\S.*?)\s+\((?:cost=([\d.]+)\.\.([\d.]+) rows=(\d+) width=\d+\)(?:\s+\()?)?(?:actual(?: time=([\d.]+)\.\.([\d.]+))? rows=([\d.]+) loops=(\d+)\)|never executed\))?\s*$/;
const roleLine = /^\s*((?:InitPlan|SubPlan|CTE)\s.*?)\s*$/;
const fieldLine = /^(\s*)([A-Z][\w /-]*?): (.*)$/;

/** @returns undefined when no line is a node */
export function parseTextPlan(text: string): RawPlan | undefined {
  const open: { indent: number; node: RawNode }[] = [];
  const plan: { root: RawNode | undefined; planning: number | null; execution: number | null; details: [string, string][] } = {
    root: undefined,
    planning: null,
    execution: null,
    details: [],
  };
  let role: { indent: number; text: string } | undefined;
  for (const line of text.split('\n')) {
    const time = /^\s*(Planning|Execution)(?: Time|time)?: ([\d.]+) ms/i.exec(line) ?? /^\s*(Total runtime|Total): ([\d.]+) ms/.exec(line);
    if (time) {
      if (time[1] === 'Planning') plan.planning = Number(time[2]);
      else plan.execution = Number(time[2]);
      continue;
    }
    const indent = line.search(/\S/);
    const found = nodeLine.exec(line);
    if (found && (found[4] !== undefined || found[9] !== undefined || line.includes('never executed'))) {
      const node = nodeOf(found);
      const at = found[1]!.length + (found[2]?.length ?? 0);
      if (role && role.indent < at) node.role = role.text;
      role = undefined;
      while (open.length > 0 && open.at(-1)!.indent >= at) open.pop();
      if (open.length > 0) open.at(-1)!.node.children.push(node);
      else if (plan.root) return undefined;
      plan.root ??= node;
      open.push({ indent: at, node });
      continue;
    }
    const roleFound = roleLine.exec(line);
    if (roleFound) {
      while (open.length > 1 && open.at(-1)!.indent >= indent) open.pop();
      role = { indent, text: roleFound[1]! };
      continue;
    }
    const field = fieldLine.exec(line);
    if (!field) continue;
    const [, , name = '', value = ''] = field;
    // Below "Planning:" and the like at the end, what is told is of no node.
    const owner = open.findLast((each) => each.indent < indent || each.indent === 0)?.node;
    if (indent === 0 || !owner) plan.details.push([name, value]);
    else if (name === 'Buffers') owner.buffers ??= buffersOf(value);
    else {
      if (name === 'Workers Launched') owner.workers = Number(value);
      owner.details.push([name, value]);
    }
  }
  return plan.root ? { ...plan, root: plan.root } : undefined;
}

function nodeOf(found: RegExpExecArray): RawNode {
  const [, , , name = '', , cost, planRows, , time, rows, loops] = found;
  const parts = /^(.*?)(?: using (.+?))?(?: on (.+))?$/.exec(name);
  const never = found[0].includes('never executed');
  return {
    type: parts?.[1] ?? name,
    target: [parts?.[2], parts?.[3]].filter(Boolean).join(' on '),
    role: null,
    cost: cost === undefined ? null : Number(cost),
    planRows: planRows === undefined ? null : Number(planRows),
    rows: rows === undefined ? null : Number(rows),
    loops: loops === undefined ? (never ? 0 : 1) : Number(loops),
    time: time === undefined ? null : Number(time),
    never,
    workers: 0,
    buffers: null,
    details: [],
    children: [],
  };
}

/** "shared hit=5 read=2 dirtied=1, temp read=3 written=4" */
function buffersOf(text: string): Buffers {
  const buffers: Buffers = { hit: 0, read: 0, dirtied: 0, written: 0, temp: 0 };
  for (const part of text.split(',')) {
    const temp = part.trim().startsWith('temp');
    for (const [, name, amount] of part.matchAll(/(hit|read|dirtied|written)=(\d+)/g)) {
      buffers[temp ? 'temp' : (name as keyof Buffers)] += Number(amount);
    }
  }
  return buffers;
}
