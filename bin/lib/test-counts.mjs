/**
 * What vitest's reporter wrote, counted. A file on real servers that fails is run a second time, alone: what passes
 * then counts, and what failed at first is told beside it. More such files than these are no accident.
 */
export const mostFilesAgain = 2;

/** The files to be run once more: none when too many failed, or when something failed outside of any file. */
export function filesToRunAgain({ files, errors }) {
  const failed = files.filter((file) => file.failed > 0).map(({ file }) => file);
  return errors.length === 0 && failed.length <= mostFilesAgain ? failed : [];
}

/** The counts of a whole run, of which `second` ran some files again. */
export function counts(first, second = { files: [], errors: [] }) {
  const again = new Map(second.files.map((file) => [file.file, file]));
  const errors = [...first.errors, ...second.errors];
  const files = first.files.map((file) => again.get(file.file) ?? file);
  return {
    passed: files.reduce((sum, { passed }) => sum + passed, 0),
    failed: files.reduce((sum, { failed }) => sum + failed, errors.length),
    failures: [...errors, ...files.flatMap(({ failures }) => failures)],
    skipped: files.flatMap(({ skipped }) => skipped),
    again: first.files.filter(({ file }) => again.get(file)?.failed === 0).flatMap(({ failures }) => failures),
  };
}
