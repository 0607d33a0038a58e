/**
 * A second server that speaks MongoDB's wire protocol: in memory, with the change streams, $lookup, $sample and $facet
 * that FerretDB lacks. Only tests run it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'vitest';
import { findProgram } from '../../main/runtime/native/find-program.ts';
import { mavenSteps, mavenTool } from '../../main/runtime/native/provision/maven.ts';
import { build } from '../../main/runtime/native/provision/steps.ts';
import type { Connection } from '../../main/services/kind.ts';
import { labCache } from './cache.ts';
import { run } from './commands.ts';
import { exists } from './compose-peer.ts';
import { freePorts } from './servers.ts';

const artifact = { group: 'de.bwaldvogel', name: 'mongo-java-server', version: '1.47.0' };
const main = 'LabMongo';

/** It tells an older wire version than the driver asks for: what it can do is more than its version says. */
const source = `
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.Arrays;
import java.util.List;

public class ${main} {
  public static void main(String[] args) throws Exception {
    MemoryBackend backend = new MemoryBackend();
    backend.version(new MongoVersion() {
      public List<Integer> getVersionArray() { return Arrays.asList(5, 0, 0); }
      public int getWireVersion() { return 13; }
    });
    MongoServer server = new MongoServer(backend);
    server.enableOplog();
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
    System.out.println("listening");
    // It goes with whoever started it.
    while (System.in.read() >= 0) {}
    server.shutdownNow();
  }
}
`;

function folderOf(env: NodeJS.ProcessEnv): string {
  return join(labCache(env), `mongo-java-server-${artifact.version}`);
}

/** Its jars from Maven Central and the class that starts it, built into the cache once. @returns the folder */
export async function provisionMongoJavaServer(env: NodeJS.ProcessEnv): Promise<string> {
  const target = folderOf(env);
  if (await exists(target)) return target;
  const [maven, javac] = await Promise.all([mavenTool(env), findProgram('javac', env)]);
  if ('lack' in maven) throw new Error(`${maven.lack.what} is missing`);
  if (javac === undefined) throw new Error('javac is missing');
  await build(
    target,
    (folder) => [
      ...mavenSteps(maven.path, folder, 'mongo-java-server', artifact, env),
      {
        shown: `javac ${main}.java`,
        async run() {
          const out = join(folder, 'out');
          await mkdir(join(out, 'classes'));
          await writeFile(join(folder, `${main}.java`), source);
          await run(javac, ['-cp', join(out, 'lib', '*'), '-d', join(out, 'classes'), join(folder, `${main}.java`)], env);
        },
      },
    ],
    (folder) => join(folder, 'out'),
    { signal: new AbortController().signal, progress: () => {} },
  );
  return target;
}

export interface MongoJavaServer {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine, with nothing in it; skips the test where it was not provisioned. */
export async function startMongoJavaServer(): Promise<MongoJavaServer | { readonly lack: string }> {
  const folder = folderOf(process.env);
  if (!(await exists(folder))) return { lack: 'mongo-java-server is not provisioned: node test/lab/lab.ts mongo-java-server' };
  const [port] = await freePorts(1);
  const classPath = [join(folder, 'classes'), join(folder, 'lib', '*')].join(delimiter);
  // Its $sample sorts by chance, which the newer sort of the JDK refuses now and then ("Comparison method violates its general contract!").
  const options = ['-Xmx512m', '-Djava.util.Arrays.useLegacyMergeSort=true'];
  const child = spawn('java', [...options, '-cp', classPath, main, String(port)], { stdio: ['pipe', 'pipe', 'ignore'] });
  await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`mongo-java-server ended with ${code}`))),
  ]);
  return { connection: connectionTo(port!), close: () => ended(child) };
}

/** The server, or the end of this test with the reason why there is none. */
export function mustRun(server: MongoJavaServer | { readonly lack: string }, test: Pick<TestContext, 'skip'>): MongoJavaServer {
  return 'lack' in server ? test.skip(server.lack) : server;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.stdin?.end();
  await exit;
}

function connectionTo(port: number): Connection {
  const url = `mongodb://127.0.0.1:${port}/noodle_db?directConnection=true`;
  return {
    kind: 'mongodb',
    host: '127.0.0.1',
    port,
    url,
    maskedUrl: url,
    environment: { MONGODB_URL: url },
    parts: { user: '', password: '', database: 'noodle_db' },
  };
}
