/** Programs built from the Go module proxy. */
import { chmod, cp, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { askVersion, atLeast, executable, programs } from '../find-program.ts';
import { mustRun } from '../run-command.ts';
import type { Installation, ServerPlaces } from '../server.ts';
import { command, type Step } from './steps.ts';
import { installCommand } from './system.ts';

export interface GoProgram {
  /** "FerretDB" */
  readonly title: string;
  readonly module: string;
  /** `v1.24.0` */
  readonly version: string;
  /** The command's folder in the module. */
  readonly package: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the module lacks to be built, put into its copy. */
  complete?(source: string): Promise<void>;
}

/** The first Go that is new enough; else what to say of it. */
export async function goTool(
  env: ServerPlaces['env'],
  oldest: string,
): Promise<{ readonly path: string } | { readonly lack: Installation['lacks'][number] }> {
  let tooOld: string | undefined;
  for await (const path of programs('go', env, await downloadedGos(env))) {
    const version = await askVersion([path, 'version'], /go(\d+\.\d+)/, env);
    if (version && atLeast(version, oldest)) return { path };
    tooOld ??= version;
  }
  const what = `Go ${oldest} or later`;
  if (!tooOld) return { lack: { what, command: installCommand({ debian: 'golang-go', brew: 'go', winget: 'GoLang.Go' }) } };
  return {
    lack: {
      what: `${what} (here is ${tooOld})`,
      command: `go install golang.org/dl/${newer}@latest && "$(go env GOPATH)/bin/${newer}" download`,
    },
  };
}

/** What an older Go can fetch. */
const newer = 'go1.26.0';

/** Where golang.org/dl puts what it downloads. */
async function downloadedGos(env: ServerPlaces['env']): Promise<readonly string[]> {
  const folder = join(env.HOME ?? homedir(), 'sdk');
  const names = await readdir(folder).catch((): string[] => []);
  return names.map((name) => join(folder, name, 'bin'));
}

/** Downloads the module, copies it (the cache is read-only), and builds `<folder>/out/<name>`. */
export function goSteps(go: string, folder: string, name: string, program: GoProgram, env: ServerPlaces['env']): readonly Step[] {
  const source = join(folder, 'source');
  const failed = { code: 'install-failed' as const, what: `${program.title} could not be built.` };
  return [
    {
      shown: `go mod download ${program.module}@${program.version}`,
      async run(signal) {
        const printed = await mustRun([go, 'mod', 'download', '-json', `${program.module}@${program.version}`], failed, {
          cwd: folder,
          env,
          signal,
        });
        const { Dir } = JSON.parse(printed) as { readonly Dir: string };
        await cp(Dir, source, { recursive: true });
        await makeWritable(source);
        await mkdir(join(folder, 'out'));
        await program.complete?.(source);
      },
    },
    command(failed.what, {
      argv: [go, 'build', ...program.flags, '-o', join('..', 'out', executable(name)), program.package],
      cwd: source,
      env: { ...env, ...program.env },
    }),
  ];
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
