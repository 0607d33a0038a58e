import type { StoreDumper } from '../../dumper.ts';
import { counts, dump } from './dump.ts';
import { discard, stage, swap } from './restore.ts';

export const dumper: StoreDumper = { counts, dump, stage, swap, discard };
