/** Java programs from Maven Central: one artifact and all it needs to run, as a folder of jars. */
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exists, findProgram } from '../find-program.ts';
import type { Installation, ServerPlaces } from '../server.ts';
import { command, type Step } from './steps.ts';
import { installCommand } from './system.ts';

export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies';

export async function mavenTool(
  env: ServerPlaces['env'],
): Promise<{ readonly path: string } | { readonly lack: Installation['lacks'][number] }> {
  const path = await findProgram('mvn', env);
  if (path) return { path };
  return { lack: { what: 'Maven', command: installCommand({ debian: 'maven', brew: 'maven', winget: 'Apache.Maven' }) } };
}

/** Copies the jars into `<folder>/out/lib`. */
export function mavenSteps(maven: string, folder: string, title: string, artifact: Artifact, env: ServerPlaces['env']): readonly Step[] {
  const settings = join(folder, 'settings.xml');
  const ownSettings = join(env.HOME ?? homedir(), '.m2', 'settings.xml');
  const argv = (given: readonly string[]) =>
    [maven, '-B', '-q', ...given, plugin, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'out', 'lib')}`] as [
      string,
      ...string[],
    ];
  return [
    {
      shown: `a pom.xml that depends on ${artifact.group}:${artifact.name}:${artifact.version}`,
      async run() {
        await Promise.all([mkdir(join(folder, 'none')), mkdir(join(folder, 'out', 'lib'), { recursive: true })]);
        await writeFile(join(folder, 'pom.xml'), pom(artifact));
        await writeFile(settings, onlyCentral(join(folder, 'none')));
      },
    },
    {
      shown: `mvn dependency:copy-dependencies -DincludeScope=runtime`,
      async run(signal) {
        // A person's own settings know their mirrors and proxies best.
        const given = (await exists(ownSettings)) ? [] : ['-s', settings];
        await command(`${title} could not be had from Maven Central.`, { argv: argv(given), cwd: folder, env }).run(signal);
      },
    },
  ];
}

function pom({ group, name, version }: Artifact): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>io.noodlebox</groupId>
  <artifactId>servers</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;
}

/** Some POMs name repositories of their own. Where those cannot be reached Maven gives up on them only if they answer: an empty folder does. */
function onlyCentral(empty: string): string {
  return `<settings>
  <mirrors><mirror><id>none</id><mirrorOf>*,!central</mirrorOf><url>${pathToFileURL(empty).href}</url></mirror></mirrors>
</settings>
`;
}
