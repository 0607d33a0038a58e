/**
 * `npm test`: types, lint, import rules, specs and integration in turn, each shown, none hiding the next;
 * then what failed, what passed only when it was run again, what was skipped and why, and one line that counts it all.
 *
 * With NOODLEBOX_TEST_REQUIRE=all a skipped test has failed, unless its reason begins with "optional:".
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installDependencies, pinnedNode, root, run } from './lib/checkout.mjs';
import { counts, filesToRunAgain } from './lib/test-counts.mjs';
import { summary } from './lib/test-summary.mjs';

process.exitCode = await test();

async function test() {
  if (!(await installDependencies())) {
    console.log(summary([{ name: 'npm ci', passed: 0, failed: 1, failures: ['npm ci'], skipped: [], again: [] }], false));
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'noodlebox-test-'));
  try {
    const reports = [
      await check('types', ['tsc', '-p', '.'], ['tsc', '-p', 'renderer']),
      await check('lint', ['biome', 'check', '.']),
      await check('imports', ['depcruise', '--config', '.dependency-cruiser.cjs', 'main', 'preload', 'renderer', 'seeds']),
    ];
    for (const project of ['specs', 'integration']) reports.push(await tests(project, folder));
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
  return { name, passed: passes ? 1 : 0, failed: passes ? 0 : 1, failures: passes ? [] : [name], skipped: [], again: [] };
}

async function tests(project, folder) {
  console.log(`\n── ${project}`);
  const first = await runVitest(project, [], join(folder, `${project}.json`));
  const again = project === 'integration' ? filesToRunAgain(first) : [];
  if (again.length === 0) return { name: project, ...counts(first) };
  console.log(`\n── ${project}, once more: ${again.join(', ')}`);
  return { name: project, ...counts(first, await runVitest(project, again, join(folder, `${project}-again.json`))) };
}

/** What the reporter wrote. A run that ends badly for no reason it tells has an error of its own. */
async function runVitest(project, files, file) {
  const reporter = join(root, 'bin', 'lib', 'test-report.mjs');
  const { code } = await runTool(
    'vitest',
    ['run', '--project', project, '--passWithNoTests', '--reporter', 'default', '--reporter', reporter, ...files],
    { NOODLEBOX_TEST_REPORT: file },
  );
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const explained = code === 0 || report.errors.length > 0 || report.files.some(({ failed }) => failed > 0);
    return explained ? report : { ...report, errors: [`vitest ended with exit code ${code}`] };
  } catch {
    return { files: [], errors: [`${project}: vitest ended with exit code ${code} and counted nothing`] };
  }
}

/** Runs a tool of node_modules with the pinned Node first on the PATH. */
function runTool(tool, args, environment = {}) {
  const binaries = join(root, 'node_modules', '.bin');
  const path = [join(pinnedNode(), '..'), binaries, process.env.PATH].join(delimiter);
  const windows = process.platform === 'win32';
  return run(join(binaries, windows ? `${tool}.cmd` : tool), args, { env: { ...process.env, ...environment, PATH: path }, shell: windows });
}
