/**
 * A bookie is registered under a key that ends with its process. After a kill, and in data that were copied while
 * it ran, the key is still there. Pulsar 4.0.7 deletes it just before it registers anew; if it hears of that
 * deletion only afterwards, as on a busy machine, it takes it for one of its own key, registers again, hears of
 * that, and so on for good: "Not enough non-faulty bookies". (Seen in its log as thousands of "Lock on resource
 * /ledgers/available/… was invalidated"; `ResourceLockImpl.revalidate` never finds the values equal.)
 * Whoever lists the bookies deletes such keys, too, so BookKeeper's own shell does so before the broker starts.
 */
import { join } from 'node:path';
import { writeFileAtomic } from '../../home/files.ts';
import { exists } from '../../runtime/native/find-program.ts';
import { runCommand } from '../../runtime/native/run-command.ts';

/** @param java with the class path @param data the broker's working folder @param conf where the shell's own settings are put */
export async function clearRegistration(java: readonly [string, ...string[]], data: string, conf: string, patience: number): Promise<void> {
  if (!(await exists(join(data, 'metadata', 'CURRENT')))) return;
  await writeFileAtomic(conf, 'metadataServiceUri=metadata-store:rocksdb:metadata\n', 0o600);
  // Should it fail, the broker starts on the data as they are, and tells what is wrong with them.
  await runCommand([...java, ...shellArgs(conf)], { cwd: data, timeout: patience }).catch(() => {});
}

function shellArgs(conf: string): readonly string[] {
  const drivers = 'org.apache.pulsar.metadata.bookkeeper.PulsarMetadata';
  return [
    // It runs for a second: what makes a long run fast would only delay it.
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx128m'],
    `-Dbookkeeper.metadata.client.drivers=${drivers}ClientDriver`,
    `-Dbookkeeper.metadata.bookie.drivers=${drivers}BookieDriver`,
    ...['org.apache.bookkeeper.bookie.BookieShell', '-conf', conf, 'listbookies', '-rw'],
  ];
}
