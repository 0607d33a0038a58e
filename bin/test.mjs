/**
 * `npm test`: types, lint, import rules, specs and integration in turn, each shown, none hiding the next;
 * then what was skipped and why, and one line that counts it all.
 *
 * With NOODLEBOX_TEST_REQUIRE=all a skipped test has failed, unless its reason begins with "optional:".
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installDependencies, pinnedNode, root, run } from './lib/checkout.mjs';
import { summary } from './lib/test-summary.mjs';

process.exitCode = await test();

async function test() {
  if (!(await installDependencies())) {
    console.log(summary([{ name: 'npm ci', passed: 0, failed: 1, failures: ['npm ci'], skipped: [] }], false));
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'noodlebox-test-'));
  try {
    const reports = [
      await check('types', ['tsc', '-p', '.'], ['tsc', '-p', 'renderer']),
      await check('lint', ['biome', 'check', '.']),
      await check('imports', ['depcruise', '--config', '.dependency-cruiser.cjs', 'main', 'preload', 'renderer', 'seeds']),
    ];
    for (const project of ['specs', 'integration']) reports.push(await tests(project, join(folder, `${project}.json`)));
    console.log(summary(reports, process.env.NOODLEBOX_TEST_REQUIRE === 'all'));
    return reports.some(({ failed }) => failed > 0) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tools that pass or fail as a whole: one test. */
async function check(name, ...commands) {
  console.log(`\n── ${name}`);
  let passes = true;
  for (const [tool, ...args] of commands) {
    const { code } = await runTool(tool, args);
    if (code !== 0) passes = false;
  }
  console.log(passes ? 'ok' : 'failed');
  return { name, passed: passes ? 1 : 0, failed: passes ? 0 : 1, failures: passes ? [] : [name], skipped: [] };
}

async function tests(project, file) {
  console.log(`\n── ${project}`);
  const reporter = join(root, 'bin', 'lib', 'test-report.mjs');
  const { code } = await runTool(
    'vitest',
    ['run', '--project', project, '--passWithNoTests', '--reporter', 'default', '--reporter', reporter],
    {
      NOODLEBOX_TEST_REPORT: file,
    },
  );
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    if (code !== 0 && report.failed === 0)
      return { ...report, name: project, failed: 1, failures: [`vitest ended with exit code ${code}`] };
    return { ...report, name: project };
  } catch {
    return {
      name: project,
      passed: 0,
      failed: 1,
      failures: [`${project}: vitest ended with exit code ${code} and counted nothing`],
      skipped: [],
    };
  }
}

/** Runs a tool of node_modules with the pinned Node first on the PATH. */
function runTool(tool, args, environment = {}) {
  const binaries = join(root, 'node_modules', '.bin');
  const path = [join(pinnedNode(), '..'), binaries, process.env.PATH].join(delimiter);
  const windows = process.platform === 'win32';
  return run(join(binaries, windows ? `${tool}.cmd` : tool), args, { env: { ...process.env, ...environment, PATH: path }, shell: windows });
}
