/** `snapshot keep`: the retention of a stack's snapshots. */
import type { RetentionOutlook, SnapshotRetention } from '../../../../preload/contract/snapshots.ts';
import { NoodleError } from '../../../errors.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { size } from '../text.ts';

interface KeepOptions {
  readonly count?: string;
  readonly days?: string;
  readonly size?: string;
  readonly named?: boolean;
  readonly all?: boolean;
}

export async function keep(options: KeepOptions, globals: GlobalOptions): Promise<void> {
  const asked = askedFor(options);
  await withKnownStack(globals, async ({ snapshots, name }) => {
    const outlook = asked ? await snapshots.setRetention(asked) : await snapshots.retention();
    const text = globals.json ? JSON.stringify({ type: 'result', ok: true, ...outlook }) : described(outlook, name);
    process.stdout.write(`${text}\n`);
  });
}

/** @returns undefined when nothing was given, and so nothing is to be changed */
export function askedFor({ count, days, size: bytes, named = false, all = false }: KeepOptions): SnapshotRetention | undefined {
  if (count === undefined && days === undefined && bytes === undefined) {
    if (named && !all) throw wrong('--named says nothing without --count, --days or --size.');
    return all ? { count: null, days: null, bytes: null, named: false } : undefined;
  }
  if (all) throw wrong('--all and a limit cannot both be.');
  return {
    count: count === undefined ? null : positive('--count', count, true),
    days: days === undefined ? null : positive('--days', days, false),
    bytes: bytes === undefined ? null : sizeFrom(bytes),
    named,
  };
}

function positive(option: string, text: string, whole: boolean): number {
  const number = Number(text);
  if (number > 0 && number <= 36_500 && (!whole || Number.isInteger(number))) return number;
  throw wrong(`${option} takes a ${whole ? 'whole ' : ''}number from 1 to 36,500, and "${text}" is none.`);
}

const units: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/** Units are of 1,024. */
function sizeFrom(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * 1024 ** units[(unit ?? '').toLowerCase()]!;
  if (bytes >= 1) return Math.round(bytes);
  throw wrong(`--size takes a size such as 500MiB or 20GiB, and "${text}" is none.`);
}

function described({ retention: { count, days, bytes, named }, goes }: RetentionOutlook, stack: string): string {
  const rules = [
    count === null ? [] : [`the newest ${count.toLocaleString('en')} stay`],
    days === null ? [] : [`each stays ${days.toLocaleString('en')} ${days === 1 ? 'day' : 'days'}`],
    bytes === null ? [] : [`together they have at most ${size(bytes)}`],
  ].flat();
  if (rules.length === 0) return `Of ${stack} no snapshot that was asked for is deleted by itself.`;
  const whose = named ? 'named ones too' : 'those that have a name always stay';
  const next = goes.map(({ id, why }) => `  ${id}: ${why}`);
  const told = next.length === 0 ? ['Nothing would go now.'] : ['When the next one has been taken or restored, these go:', ...next];
  return [`Of ${stack}: ${rules.join(', ')}; ${whose}.`, ...told].join('\n');
}

function wrong(what: string): NoodleError {
  return new NoodleError({ code: 'bad-argument', what });
}
