/** Pulsar standalone as a process, from the broker's jars. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readText, writeFileAtomic } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import { configNamed, withoutSettings } from '../../runtime/native/config.ts';
import { findJava } from '../../runtime/native/find-java.ts';
import { exists } from '../../runtime/native/find-program.ts';
import { mavenSteps, mavenTool } from '../../runtime/native/provision/maven.ts';
import { build, inScratch, runSteps } from '../../runtime/native/provision/steps.ts';
import { installCommand } from '../../runtime/native/provision/system.ts';
import type { FoundServer, InstallTask, NativeInstance, NativeServer, QuickStart, ServerPlaces } from '../../runtime/native/server.ts';
import { classPathOf, findArchive, javaOf, keepArchive, sharedClasses } from './class-archive.ts';
import { parseLine } from './log-line.ts';
import { clearRegistration } from './registration.ts';
import { train } from './training.ts';

/** Versions near this one are not whole on Maven Central. */
const version = '4.0.7';
const oldestJava = 17;
const bookie = 'bookie';

/** Elsewhere a process cannot be asked to end so that Java writes anything. */
const quickStart: QuickStart | undefined = process.platform === 'win32' ? undefined : { has: hasArchive, make: makeArchive };

/**
 * What the bookie is called in its data. Without a name it would be host:port, and a copy of the data could not run beside
 * them: it would need the same port. Pulsar takes the port that it listens on from this name too (BKCluster,
 * parseBookieAddressFromCookie), and 0 is any free one; clients find it in the copy's own metadata.
 */
const bookieId = '127.0.0.1:0';

export const server: NativeServer = {
  kind: 'pulsar',
  title: 'Pulsar',
  internalPorts: [bookie],
  quickStart,
  parseLine,

  async find({ env, servers }) {
    const path = installed(servers);
    if (!(await exists(join(path, 'lib')))) return undefined;
    const java = await findJava(env, oldestJava);
    return java && { program: `Pulsar ${version}`, version, path, interpreter: java.path, notes: [] };
  },

  async installation(places) {
    const [java, maven] = await Promise.all([findJava(places.env, oldestJava), mavenTool(places.env)]);
    const target = installed(places.servers);
    return {
      program: `Pulsar ${version}`,
      commands: [
        `mvn dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=${join(target, 'lib')} (with a pom.xml that depends on org.apache.pulsar:pulsar-broker:${version})`,
      ],
      lacks: [...(java ? [] : [{ what: `Java ${oldestJava} or later`, command: javaCommand }]), ...('lack' in maven ? [maven.lack] : [])],
      async install(task) {
        if ('lack' in maven) return;
        const artifact = { group: 'org.apache.pulsar', name: 'pulsar-broker', version };
        const steps = (folder: string) => mavenSteps(maven.path, folder, 'Pulsar', artifact, places.env);
        await build(target, steps, (folder) => join(folder, 'out'), task);
      },
    };
  },

  async prepare(found, instance) {
    const data = instance.mounted('/pulsar/data');
    const files = filesOf(instance);
    await mkdir(data, { recursive: true, mode: 0o700 });
    await writeFileAtomic(files.conf, config(instance, await bookieOf(data)), 0o600);
    await writeFileAtomic(files.log, logging);
    const { NOODLEBOX_PULSAR_SECRET_KEY: key, NOODLEBOX_PULSAR_TOKEN: token } = instance.spec.environment;
    if (key) await writeFileAtomic(files.key, Buffer.from(key, 'base64'), 0o600);
    if (token) await writeFileAtomic(files.token, token, 0o600);
    const java = javaOf(found);
    const classes = [...(await sharedClasses(found)), '-cp', classPathOf(found)];
    await clearRegistration([java, ...classes], data, files.shell, limits.bookieShellPatience);
    const memory = instance.spec.environment.PULSAR_MEM ?? '-Xms256m -Xmx512m -XX:MaxDirectMemorySize=512m -XX:TieredStopAtLevel=1';
    // Its data names the bookie's folders: relative ones, so that the data can be moved; older data name its port too, which
    // is always the same. (`--metadata-dir` would be made absolute and put into a URI as it is, which fails on a space; with two slashes
    // the folder would be one of the file system's root.)
    const folders = [
      '--metadata-url',
      'rocksdb:metadata',
      '--bookkeeper-dir',
      'bookkeeper',
      '--bookkeeper-port',
      String(instance.internal(bookie)),
    ];
    return {
      command: java,
      args: [
        ...memory.split(/\s+/).filter(Boolean),
        ...opened,
        `-Dlog4j2.configurationFile=${files.log}`,
        ...classes,
        'org.apache.pulsar.PulsarStandaloneStarter',
        ...['-c', files.conf, ...folders, '-nfw', '-nss'],
      ],
      env: {},
      cwd: data,
      stopSignal: 'SIGTERM',
    };
  },

  async ready(instance, signal) {
    // The broker's own check writes to a topic and reads it back; the namespace is made a moment later.
    await ask(instance, '/admin/v2/brokers/health', signal);
    await ask(instance, '/admin/v2/namespaces/public/default', signal);
  },
};

function installed(servers: ServerPlaces['servers']): string {
  return join(servers, 'pulsar', `pulsar-${version}`);
}

async function hasArchive(found: FoundServer): Promise<boolean> {
  return (await findArchive(found)) !== undefined;
}

async function makeArchive(found: FoundServer, { env }: ServerPlaces, task: InstallTask): Promise<void> {
  await inScratch(dirname(found.path), task.signal, async (folder) => {
    const archive = join(folder, 'made.jsa');
    const run = (signal: AbortSignal) => train(server, found, env, { folder, archive, signal });
    const keep = (signal: AbortSignal) => keepArchive(found, archive, signal);
    const steps = [
      { shown: 'a first run of Pulsar, of which Java keeps the classes', run },
      { shown: 'java -Xshare:on -version', run: keep },
    ];
    await runSteps(steps, task);
  });
}

const javaCommand = installCommand({ debian: 'default-jre-headless', brew: 'openjdk@17', winget: 'EclipseAdoptium.Temurin.17.JRE' });

/** Packages that Pulsar reaches into (its own start script, bin/pulsar). */
const opened = [
  ...['sun.net', 'java.lang', 'java.io', 'java.util.zip', 'java.nio', 'jdk.internal.misc'].flatMap((name) => [
    '--add-opens',
    `java.base/${name}=ALL-UNNAMED`,
  ]),
  ...['--add-opens', 'java.management/sun.management=ALL-UNNAMED', '-Dio.netty.tryReflectionSetAccessible=true'],
];

function filesOf({ folder }: NativeInstance) {
  return {
    conf: join(folder, 'standalone.conf'),
    shell: join(folder, 'shell.conf'),
    log: join(folder, 'log4j2.xml'),
    key: join(folder, 'key'),
    token: join(folder, 'token'),
  };
}

/** What the data call the bookie. Those made before it had a name of its own keep theirs, which says the port. */
async function bookieOf(data: string): Promise<string | undefined> {
  const cookie = await readText(join(data, 'bookkeeper', 'current', 'VERSION'));
  return cookie === undefined || cookie.includes(`bookieHost: "${bookieId}"`) ? bookieId : undefined;
}

function config(instance: NativeInstance, named: string | undefined): string {
  const { NOODLEBOX_PULSAR_SECRET_KEY: key, NOODLEBOX_PULSAR_TOKEN: token } = instance.spec.environment;
  const files = filesOf(instance);
  const own: Readonly<Record<string, string>> = {
    brokerServicePort: String(instance.published(6650)),
    webServicePort: String(instance.published(8080)),
    bindAddress: '127.0.0.1',
    advertisedAddress: '127.0.0.1',
    // Where the bookie listens.
    listeningInterface: process.platform === 'linux' ? 'lo' : 'lo0',
    allowLoopback: 'true',
    ...(named === undefined ? {} : { bookieId: named }),
    // Pulsar logs its configuration as it starts: the secrets stand in files of their own.
    ...(key ? { tokenSecretKey: pathToFileURL(files.key).href } : {}),
    ...(token ? { brokerClientAuthenticationParameters: pathToFileURL(files.token).href } : {}),
  };
  const kept = withoutSettings(configNamed(instance.spec, 'standalone.conf') ?? '', Object.keys(own), /[=:]/);
  return `${[kept, ...Object.entries(own).map(([name, value]) => `${name}=${value}`)].join('\n')}\n`;
}

/** The lines of the image's own log4j2 configuration, for standard output. */
const logging = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="Console" target="SYSTEM_OUT">
      <PatternLayout pattern="%d{ISO8601_OFFSET_DATE_TIME_HHMM} [%t] %-5level %logger{36} - %msg%n"/>
    </Console>
  </Appenders>
  <Loggers>
    <Root level="info"><AppenderRef ref="Console"/></Root>
    <Logger name="org.eclipse.jetty" level="warn"/>
  </Loggers>
</Configuration>
`;

async function ask(instance: NativeInstance, path: string, signal: AbortSignal): Promise<void> {
  const token = instance.spec.environment.NOODLEBOX_PULSAR_TOKEN;
  const answer = await fetch(`http://127.0.0.1:${instance.published(8080)}${path}`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    signal: AbortSignal.any([signal, AbortSignal.timeout(limits.probeTimeout)]),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
}
