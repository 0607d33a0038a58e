/**
 * The end of a test run in words: failures, what failed at first, skipped tests with their reasons, and the last line that counts.
 * With `require`, a skipped test is moved to the failures unless its reason begins with "optional:".
 * Changes the reports it is given, so that their counts are those told.
 */
export function summary(reports, require) {
  if (require) for (const report of reports) failSkipped(report);
  const all = (pick) => reports.flatMap(pick);
  const failures = all(({ failures }) => failures);
  const skipped = all(({ skipped }) => skipped);
  const sum = (pick) => reports.reduce((total, report) => total + pick(report), 0);
  const counts = `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${skipped.length} skipped`;
  const again = section(
    'Failed, and passed when their file was run again, alone:',
    all(({ again }) => again),
  );
  return [...section('Failed:', failures), ...again, ...section('Skipped:', skipped.map(told)), '', counts].join('\n');
}

function failSkipped(report) {
  const required = report.skipped.filter(({ reason }) => !reason.startsWith('optional:'));
  report.skipped = report.skipped.filter(({ reason }) => reason.startsWith('optional:'));
  report.failed += required.length;
  report.failures.push(...required.map((test) => `${told(test)} (required here)`));
}

function told({ name, reason }) {
  return `${name}: ${reason || 'gives no reason'}`;
}

function section(title, lines) {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
