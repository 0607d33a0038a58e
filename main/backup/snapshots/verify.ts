/** Whether a snapshot still is what it was when it was made, file by file. */
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { damages, type EntriesByVolume, readList, sha256 } from './file-list.ts';
import { kept, type SnapshotHost } from './host.ts';
import type { Step, Steps } from './steps.ts';
import { readFileList } from './store.ts';

export function verifySteps({ volumes }: Snapshot): readonly Step[] {
  return volumes.map(({ key }) => ({ kind: 'verify', target: key, cause: 'every file is compared with what was written down' }));
}

/** Reads all of it and changes nothing. @throws NoodleError snapshot-damaged, naming every damaged part */
export async function verifySnapshot(host: SnapshotHost, snapshot: Snapshot, steps: Steps): Promise<void> {
  mustBeOf(host, snapshot);
  const list = await readFileList(host.folder, snapshot.id);
  if (list === undefined) throw damaged(snapshot, ['files.jsonl is missing']);
  if (sha256(list) !== snapshot.files) throw damaged(snapshot, ['files.jsonl has other content']);
  await compare(host, snapshot, readList(list), steps);
}

/** @throws NoodleError conflict for one of another stack or runtime */
export function mustBeOf(host: SnapshotHost, snapshot: Snapshot): void {
  if (snapshot.runtime !== host.runtime.kind || snapshot.stack !== host.stack) {
    throw new NoodleError({
      code: 'conflict',
      what: `Snapshot ${snapshot.id} is of ${snapshot.stack} on ${snapshot.runtime}, and this is ${host.stack} on ${host.runtime.kind}.`,
      why: 'A snapshot holds the files of its servers as they were on their runtime.',
      todo: 'Open the stack it is of.',
    });
  }
}

async function compare(host: SnapshotHost, snapshot: Snapshot, written: EntriesByVolume, steps: Steps): Promise<void> {
  const { runtime, definition, stack } = host;
  const there = await runtime.copies.kept(stack, snapshot.id);
  const missing = snapshot.volumes.filter(({ name }) => !there.includes(name));
  if (missing.length > 0)
    throw damaged(
      snapshot,
      missing.map(({ key }) => `${key}: all of it is missing`),
    );
  const found: string[] = [];
  const room = await runtime.copies.open(definition, { read: snapshot.volumes.map((volume) => kept(snapshot.id, volume)), write: [] });
  try {
    for (const volume of snapshot.volumes) {
      await steps
        .do(
          'verify',
          volume.key,
          async (work) => {
            const wrong = damages(written.get(volume.key) ?? [], await room.entries(kept(snapshot.id, volume), work));
            found.push(...wrong.map((what) => `${volume.key}: ${what}`));
            if (wrong.length > 0)
              throw damaged(
                snapshot,
                wrong.map((what) => `${volume.key}: ${what}`),
              );
          },
          volume.bytes,
        )
        .catch((error: unknown) => {
          // The others are looked at all the same, so that all damage is told at once.
          if (!(error instanceof NoodleError) || error.code !== 'snapshot-damaged') throw error;
        });
    }
  } finally {
    await room.close();
  }
  if (found.length > 0) throw damaged(snapshot, found);
}

export function damaged({ id, name }: Snapshot, parts: readonly string[]): NoodleError {
  const named = parts.slice(0, limits.snapshotDamageNamed);
  const more = parts.length - named.length;
  return new NoodleError({
    code: 'snapshot-damaged',
    what: `Snapshot ${name ? `"${name}" (${id})` : id} is damaged.`,
    why: [...named, ...(more > 0 ? [`and ${more.toLocaleString('en')} more`] : [])].join('\n'),
    todo: 'Use another snapshot; this one is not touched.',
    command: 'noodlebox snapshot list',
  });
}
