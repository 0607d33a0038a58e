/** A vitest reporter: writes what was counted, and every skipped test with its reason, as JSON to NOODLEBOX_TEST_REPORT. */
import { writeFileSync } from 'node:fs';

export default class TestReport {
  onTestRunEnd(modules, errors) {
    const report = { passed: 0, failed: errors.length, failures: errors.map(({ message }) => message), skipped: [] };
    for (const module of modules) {
      const file = module.relativeModuleId;
      const broken = module.errors();
      if (broken.length > 0) fail(report, file, broken);
      for (const suite of module.children.allSuites())
        if (suite.errors().length > 0) fail(report, `${file} > ${suite.fullName}`, suite.errors());
      for (const test of module.children.allTests()) count(report, `${file} > ${test.fullName}`, test.result());
    }
    writeFileSync(process.env.NOODLEBOX_TEST_REPORT, JSON.stringify(report));
  }
}

/** A file or a suite that broke outside of its tests is one failure. */
function fail(report, name, errors) {
  report.failed += 1;
  report.failures.push(`${name}: ${errors[0].message}`);
}

function count(report, name, { state, note }) {
  if (state === 'passed') report.passed += 1;
  else if (state === 'failed') {
    report.failed += 1;
    report.failures.push(name);
  } else report.skipped.push({ name, reason: note ?? '' });
}
