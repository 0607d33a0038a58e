/** Reports of files that are being written or were, for as long as the session keeps them. */
import type { LineProblem, WriteReport } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';

export type OpenReport = { -readonly [Key in keyof WriteReport]: WriteReport[Key] } & { problems: LineProblem[] };

export class WriteReports {
  readonly #reports = new Map<string, OpenReport>();

  begin(): { readonly id: string; readonly report: OpenReport } {
    const [oldest] = this.#reports.keys();
    if (oldest !== undefined && this.#reports.size >= limits.writeReports) this.#reports.delete(oldest);
    const id = crypto.randomUUID();
    const report: OpenReport = { written: 0, bad: 0, problems: [], done: false };
    this.#reports.set(id, report);
    return { id, report };
  }

  /** @throws NoodleError not-found */
  must(id: string): WriteReport {
    const report = this.#reports.get(id);
    if (report) return report;
    throw new NoodleError({
      code: 'not-found',
      what: 'What was written of this file is no longer known.',
      todo: 'Count the points of the bucket.',
    });
  }
}
