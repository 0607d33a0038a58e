/**
 * Kills processes in the middle of what they do with snapshots, at random moments, and looks each time whether the next
 * command finds the stack as it was or finished: nothing lost, nothing half. `npm run soak -- --kills 200`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Stack } from '../../main/core/core.ts';
import { createCore } from '../../main/core/create.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import type { SnapshotEntry } from '../../preload/contract/snapshots.ts';
import type { ChildOrder } from '../integration/snapshot-child.ts';
import { checksum, leftovers, wreck, write } from '../lab/snapshot-bed.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { pick, randomFrom } from './random.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    runtime: { type: 'string', default: 'native' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const runtime = values.runtime as RuntimeKind;
const seed = Number(values.seed);
const random = randomFrom(seed);
const kinds = ['postgres', 'redis'] as const;
/** More would only take longer. */
const snapshotsMost = 5;

type Act = 'create' | 'create hot' | 'restore' | 'delete' | 'branch' | 'renew' | 'diff';
const acts: readonly Act[] = ['create', 'create hot', 'restore', 'restore', 'delete', 'branch', 'renew', 'diff'];

/** What has to be true, kept apart from the product. */
interface Truth {
  /** What the stores hold now. */
  data: string;
  /** What the last restore replaced, or was about to. */
  replaced: string;
  /** What each snapshot holds. */
  readonly snapshots: Map<string, string>;
}

interface Figures {
  kills: number;
  /** Acts that had ended before they were killed. */
  late: number;
  readonly byAct: Record<string, number>;
  /** The step at work when it was killed. */
  readonly bySteps: Record<string, number>;
  restoresFinished: number;
  verified: number;
}

/** What each act tells, and how long it takes, when nobody kills it; learned. */
const courses = new Map<Act, { readonly words: number; readonly took: number }>();

async function main(): Promise<void> {
  const lacks = await lacking(runtime, kinds);
  if (lacks) throw new Error(lacks);
  console.log(`seed ${seed}, ${values.kills} kills on ${runtime}`);
  const figures: Figures = { kills: 0, late: 0, byAct: {}, bySteps: {}, restoresFinished: 0, verified: 0 };
  const bed = await makeStack(runtime);
  const begun = performance.now();
  let failed = false;
  try {
    await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
    await write(bed.stack, kinds);
    const data = await dataOf(bed.stack);
    const truth: Truth = { data, replaced: data, snapshots: new Map() };
    const { id } = await bed.stack.snapshots.create({ name: null, note: null }, quietRun());
    truth.snapshots.set(id, truth.data);
    while (figures.kills < Number(values.kills)) await round(bed, truth, figures);
  } catch (error) {
    failed = true;
    console.error(`FAILED after ${figures.kills} kills with seed ${seed}; ${bed.home} is left as it is`);
    throw error;
  } finally {
    console.log(JSON.stringify({ seed, runtime, minutes: Math.round((performance.now() - begun) / 6_000) / 10, ...figures }, null, 2));
    if (!failed) await bed.clear();
  }
}

async function round(bed: StackBed, truth: Truth, figures: Figures): Promise<void> {
  const act = pick(random, acts);
  const target = pick(random, [...truth.snapshots.keys()]);
  if (act === 'delete' && truth.snapshots.size < 2) return;
  if (random() < 0.5)
    await withStack(bed, async (stack) => {
      await wreck(stack, kinds);
      truth.data = await dataOf(stack);
    });
  if (act === 'renew') await withStack(bed, (stack) => useUp(stack, truth, target));
  if (act === 'restore') truth.replaced = truth.data;
  const course = courses.get(act);
  // Each act is let go once. Then half of the moments are equal in time, and half in steps: most steps are short.
  const moment: Moment =
    course === undefined
      ? { after: 'never' }
      : random() < 0.5
        ? { after: 'time', ms: random() * course.took }
        : { after: 'words', words: Math.ceil(random() * course.words), ms: random() * 20 };
  const ended = await killed(bed, orderOf(bed, act, target), moment);
  if (ended.state === 'ended') {
    figures.late++;
    courses.set(act, { words: ended.words, took: ended.took });
  } else {
    figures.kills++;
    figures.byAct[act] = (figures.byAct[act] ?? 0) + 1;
    const step = ended.step
      .replaceAll(bed.name, 'STACK')
      .replace(/STACK-\S+/, 'BRANCH')
      .replace(/\d{8}-\d{6}-\w{4}/g, 'ID');
    figures.bySteps[step] = (figures.bySteps[step] ?? 0) + 1;
  }
  console.log(`${figures.kills}. ${act} ${ended.state === 'ended' ? `ended in ${Math.round(ended.took)} ms` : `killed at ${ended.step}`}`);
  await withStack(bed, (stack) => look(bed, stack, truth, figures, act, target, ended.state === 'ended'));
}

/** So that there is a ready copy to be made anew. */
async function useUp(stack: Stack, truth: Truth, target: string): Promise<void> {
  await stack.snapshots.hot(target, true, quietRun());
  truth.replaced = truth.data;
  await stack.snapshots.restore(target, quietRun());
  truth.data = truth.snapshots.get(target)!;
  assert.equal(await dataOf(stack), truth.data, `${target} holds what it held`);
}

function orderOf({ name }: StackBed, act: Act, target: string): ChildOrder {
  const order = { stack: name, runtime, at: '', state: 'running' as const, told: true as const };
  switch (act) {
    case 'create':
      return order;
    case 'create hot':
      return { ...order, hot: true };
    case 'restore':
      return { ...order, restore: target };
    case 'delete':
      return { ...order, delete: target };
    case 'branch':
      return { ...order, branch: target };
    case 'diff':
      return { ...order, diff: target };
    case 'renew':
      return { ...order, renew: true };
  }
}

type Ended =
  | { readonly state: 'ended'; readonly took: number; readonly words: number }
  | { readonly state: 'killed'; readonly step: string };

/** When it is killed: after some time, or a little after so many words about its steps. */
type Moment =
  | { readonly after: 'never' }
  | { readonly after: 'time'; readonly ms: number }
  | { readonly after: 'words'; readonly words: number; readonly ms: number };

async function killed({ env }: StackBed, order: ChildOrder, moment: Moment): Promise<Ended> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../integration/snapshot-child.ts', import.meta.url))], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.stdin.end(JSON.stringify(order));
  let step = 'begin';
  let began = 0;
  let words = 0;
  const reached = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'begin') began = performance.now();
      else {
        step = line;
        words++;
      }
      if (moment.after === 'time' && line === 'begin') resolve();
      if (moment.after === 'words' && words === moment.words) resolve();
    });
  });
  await Promise.race([reached, exited]);
  if (moment.after !== 'never') {
    await Promise.race([sleep(moment.ms), exited]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  if (signal === 'SIGKILL') return { state: 'killed', step };
  assert.equal(code, 0, `${JSON.stringify(order)} failed by itself`);
  return { state: 'ended', took: performance.now() - began, words };
}

/** As the next command of another process does: opening the stack finishes or takes back what was cut off. */
async function withStack(bed: StackBed, act: (stack: Stack) => Promise<void>): Promise<void> {
  const notices: string[] = [];
  const core = await createCore({ env: bed.env, onNotice: (message) => notices.push(message) });
  try {
    const stack = await core.open({ stack: bed.name, runtime, create: false });
    await act(stack);
  } catch (error) {
    console.error(notices.join('\n'));
    throw error;
  } finally {
    await core.close();
  }
}

async function look(bed: StackBed, stack: Stack, truth: Truth, figures: Figures, act: Act, target: string, ended: boolean): Promise<void> {
  const { services } = await stack.status();
  for (const kind of kinds) assert.notEqual(services.find(({ name }) => name === kind)?.state, 'stopped', `${kind} runs`);
  const data = await dataOf(stack);
  const before = truth.data;
  if (act === 'restore') {
    const wanted = truth.snapshots.get(target)!;
    assert.ok(data === before || data === wanted, 'the data are those of before or those of the snapshot');
    if (ended) assert.equal(data, wanted, 'a restore that ended is done');
    if (data === wanted && data !== before) figures.restoresFinished++;
  } else assert.equal(data, before, 'the data are those of before');
  truth.data = data;

  const entries = await stack.snapshots.list();
  learn(entries, truth, act, target, ended);
  await nothingHalf(bed, entries);
  await removeBranches(bed, stack, truth, target);
  if (random() < 0.3) {
    const id = pick(random, [...truth.snapshots.keys()]);
    await stack.snapshots.verify(id, quietRun());
    figures.verified++;
  }
  if (figures.kills % 10 === 9) await roundTrip(bed, stack, truth);
  while (truth.snapshots.size > snapshotsMost) {
    const oldest = [...truth.snapshots.keys()].sort()[0]!;
    await stack.snapshots.delete(oldest, quietRun());
    truth.snapshots.delete(oldest);
  }
}

/** What is listed has to be what is known, but for what the act may have made or taken away. */
function learn(entries: readonly SnapshotEntry[], truth: Truth, act: Act, target: string, ended: boolean): void {
  const there = new Map(entries.map((entry) => [entry.id, entry]));
  for (const entry of entries) {
    assert.equal(entry.state, 'whole', `${entry.id} can be read`);
    if (truth.snapshots.has(entry.id) || entry.state !== 'whole') continue;
    const { cause } = entry.snapshot;
    assert.ok(cause === 'asked' ? act.startsWith('create') : act === 'restore' || act === 'renew', `${entry.id} comes from ${act}`);
    truth.snapshots.set(entry.id, cause === 'before-restore' ? truth.replaced : truth.data);
  }
  for (const id of [...truth.snapshots.keys()]) {
    if (there.has(id)) continue;
    // A restore lets go of what the one before had kept.
    const automatic = act === 'restore' || act === 'renew';
    assert.ok((act === 'delete' && id === target) || automatic, `${id} is still there after ${act}`);
    truth.snapshots.delete(id);
  }
  if (act === 'delete' && ended) assert.ok(!there.has(target), 'a delete that ended is done');
}

async function nothingHalf(bed: StackBed, entries: readonly SnapshotEntry[]): Promise<void> {
  const known = entries.map(({ id }) => id);
  // A container that only copied stays, idle, until the next act on snapshots.
  const idle = (name: string) => runtime === 'docker' && /^[0-9a-f]{12}$/.test(name);
  const left = (await leftovers(bed, runtime, known)).filter((name) => name !== 'retention.json' && !idle(name));
  assert.deepEqual(left, [], 'nothing half is left');
}

/** A branch that is there is whole: it is opened, and holds what its snapshot holds. */
async function removeBranches(bed: StackBed, stack: Stack, truth: Truth, target: string): Promise<void> {
  const others = (await readdir(join(bed.home, 'stacks'))).filter((name) => name !== bed.name);
  for (const name of others) {
    const core = await createCore({ env: bed.env });
    try {
      const branch = await core.open({ stack: name, runtime, create: false });
      assert.equal(await dataOf(branch), truth.snapshots.get(target), `${name} holds what its snapshot holds`);
      await branch.down({ volumes: true, snapshot: false }, quietRun());
    } finally {
      await core.close();
    }
    await forget(bed, name);
  }
  assert.equal((await stack.status()).services.length > 0, true);
}

async function forget(bed: StackBed, name: string): Promise<void> {
  const { rm } = await import('node:fs/promises');
  await rm(join(bed.home, 'stacks', name), { recursive: true, force: true });
}

/** Back to any of them and forward again, undisturbed. */
async function roundTrip(bed: StackBed, stack: Stack, truth: Truth): Promise<void> {
  const id = pick(random, [...truth.snapshots.keys()]);
  const before = truth.data;
  await stack.snapshots.restore(id, quietRun());
  await stack.snapshots.renew(quietRun());
  const wanted = truth.snapshots.get(id)!;
  assert.equal(await dataOf(stack), wanted, `${id} holds what it held`);
  truth.data = wanted;
  for (const entry of await stack.snapshots.list()) {
    if (!truth.snapshots.has(entry.id)) truth.snapshots.set(entry.id, before);
  }
  const listed = new Set((await stack.snapshots.list()).map((entry) => entry.id));
  for (const known of [...truth.snapshots.keys()]) if (!listed.has(known)) truth.snapshots.delete(known);
  const left = (await leftovers(bed, runtime, [...listed])).filter((name) => name !== 'retention.json');
  assert.deepEqual(left, [], 'not even a container is left');
}

async function dataOf(stack: Stack): Promise<string> {
  return JSON.stringify(await checksum(stack, kinds));
}

await main();
