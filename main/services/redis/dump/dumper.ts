import type { StoreDumper } from '../../dumper.ts';
import { counts } from './databases.ts';
import { dump } from './dump.ts';
import { discard, stage, swap } from './restore.ts';

export const dumper: StoreDumper = { counts, dump, stage, swap, discard };
