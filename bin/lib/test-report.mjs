/** A vitest reporter: writes what was counted in each file, and every skipped test with its reason, as JSON to NOODLEBOX_TEST_REPORT. */
import { writeFileSync } from 'node:fs';

export default class TestReport {
  onTestRunEnd(modules, errors) {
    const report = { files: modules.map(fileReport), errors: errors.map(({ message }) => message) };
    writeFileSync(process.env.NOODLEBOX_TEST_REPORT, JSON.stringify(report));
  }
}

function fileReport(module) {
  const file = module.relativeModuleId;
  const report = { file, passed: 0, failed: 0, failures: [], skipped: [] };
  const broken = module.errors();
  if (broken.length > 0) fail(report, file, broken);
  for (const suite of module.children.allSuites())
    if (suite.errors().length > 0) fail(report, `${file} > ${suite.fullName}`, suite.errors());
  for (const test of module.children.allTests()) count(report, `${file} > ${test.fullName}`, test.result());
  return report;
}

/** A file or a suite that broke outside of its tests is one failure. */
function fail(report, name, errors) {
  report.failed += 1;
  report.failures.push(told(name, errors));
}

function count(report, name, { state, note, errors }) {
  if (state === 'passed') report.passed += 1;
  else if (state === 'failed') {
    report.failed += 1;
    report.failures.push(told(name, errors));
  } else report.skipped.push({ name, reason: note ?? '' });
}

function told(name, errors) {
  return `${name}: ${errors?.[0]?.message.split('\n')[0] ?? 'says nothing'}`;
}
