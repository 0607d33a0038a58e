/** Timing whole commands side by side, and telling what came out. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One line of the table: ours against the peer's, as medians over the same number of runs. */
export interface Comparison {
  readonly name: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly unit: 's' | 'ms' | 'rows/s' | 'MiB';
  /** What the ratio ours ÷ peer has to keep to. */
  readonly bound: { readonly at: 'most' | 'least'; readonly ratio: number };
  readonly note?: string;
}

/** A figure of ours alone. */
export interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  readonly unit: 's' | 'ms' | 'MiB' | 'rows/s';
  readonly bound?: { readonly at: 'most'; readonly value: number };
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs both in turn, ours first in even rounds and second in odd ones, so that a drift of the machine meets both alike. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<{ ours: number[]; peer: number[] }> {
  const results = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) results.ours.push(await ours());
    results.peer.push(await peer());
    if (round % 2 === 1) results.ours.push(await ours());
  }
  return results;
}

/** Runs a command to its end. @returns seconds it took. @throws when it fails, with what it printed */
export async function timed(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdout: 'keep' | 'drop' = 'keep',
): Promise<number> {
  const begun = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', stdout === 'drop' ? 'ignore' : 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed = (printed + chunk).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${printed}`);
  return (performance.now() - begun) / 1000;
}

export function comparisonRow({ name, ours, peer, unit, bound, note }: Comparison): string[] {
  const ratio = median(ours) / median(peer);
  const kept = bound.at === 'most' ? ratio <= bound.ratio : ratio >= bound.ratio;
  const wanted = `at ${bound.at} ${bound.ratio}`;
  return [name, show(ours, unit), show(peer, unit), ratio.toFixed(2), wanted, kept ? 'kept' : 'missed', note ?? ''];
}

export function figureRow({ name, values, unit, bound, note }: Figure): string[] {
  const kept = bound === undefined ? '' : median(values) <= bound.value ? 'kept' : 'missed';
  return [name, show(values, unit), '', '', bound ? `at most ${bound.value} ${unit}` : '', kept, note ?? ''];
}

/** Median, with the range in brackets. */
function show(values: readonly number[], unit: string): string {
  const digits = unit === 's' ? 2 : 0;
  const text = (value: number) => value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, unit === 's' ? '' : ',');
  return `${text(median(values))} ${unit} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

/** A Markdown table. */
export function table(rows: readonly (readonly string[])[]): string {
  const head = ['what', 'Noodlebox', 'peer', 'ratio', 'bound', '', 'note'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export interface MeasuredRun {
  readonly seconds: number;
  /** Peak resident memory of the process itself, bytes; 0 where the system does not tell. */
  readonly peak: number;
}

/** Runs a command to its end, its output thrown away, and watches its memory (Linux: VmHWM of proc(5)). */
export async function measured(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<MeasuredRun> {
  const begun = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (chunk) => (printed = (printed + chunk).slice(-4_000)));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, memoryOf(child.pid!, 'VmHWM'))), 100);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${printed}`);
  return { seconds: (performance.now() - begun) / 1000, peak };
}

/** @returns bytes; 0 where the system does not tell */
export function memoryOf(pid: number, figure: 'VmHWM' | 'VmRSS'): number {
  try {
    const kibibytes = new RegExp(`^${figure}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
