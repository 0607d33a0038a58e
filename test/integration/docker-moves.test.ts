/** Data that change their volume by a rename inside an engine: cut off anywhere, they are whole in one place, and it is known in which. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VolumePlace } from '../../main/runtime/copies.ts';
import { type Helper, startHelper } from '../../main/runtime/docker/copies/helper.ts';
import { moveCommand, words } from '../../main/runtime/docker/copies/move-commands.ts';
import { heldVolumes, moveData, startMover } from '../../main/runtime/docker/copies/moves.ts';
import { output } from '../lab/commands.ts';
import { type Bed, clearAway, makeBed, newStackName, tinyDefinition, tinyService } from '../lab/docker-bed.ts';
import { haveImages, labImages } from '../lab/images/build.ts';
import { tinyImage } from '../lab/tiny-image.ts';

const found = await makeBed();
const missing = typeof found === 'string' ? found : undefined;
const bed = found as Bed;
const images = { busybox: tinyImage, ...(!missing && (await haveImages(process.env)) ? { GNU: labImages.redis } : {}) };

describe.skipIf(missing).each(Object.entries(images))('data of volumes, moved with tools of %s', (_, image) => {
  const stack = newStackName();
  const definition = tinyDefinition(stack, [tinyService('db', 'sleep 1000', { image })]);
  const live: VolumePlace = { kind: 'live', volume: definition.volumes.data! };
  const kept: VolumePlace = { kind: 'kept', set: 'old', volume: definition.volumes.data! };
  const [data, old] = [`${stack}_data`, `${stack}_snapshot_old_data`];
  const { copies } = bed.runtime ?? {};

  beforeEach(() => bed.runtime.createVolume(stack, definition.volumes.data!));
  afterEach(async () => {
    await copies.removeSet(stack, 'old');
    await clearAway(bed, stack);
    const left = await docker('ps', '-aq', '--filter', `label=io.noodlebox.helper=${stack}`);
    const volumes = await docker('volume', 'ls', '-q', '--filter', `name=${stack}`);
    expect(left + volumes).toBe('');
  });

  it('keep their owner and permissions, there and back, and the volumes their labels', async () => {
    const before = await docker('volume', 'inspect', '-f', '{{json .Labels}} {{.Mountpoint}}', data);
    await inside(
      data,
      'mkdir /d/deep; echo mine > /d/deep/file; busybox chown -R 999:998 /d; busybox chmod 710 /d; ln -s deep/file /d/link',
    );
    const content = await look(data);
    expect(content).toContain('710 999 998 .');
    expect(await copies.movesAtOnce(definition, [live, kept])).toEqual({ atOnce: true });

    const room = await copies.openMoves(definition, { read: [], write: [live, kept] });
    try {
      expect(await copies.moved(definition, 'old')).toEqual([]);
      await room.move(live, kept);
      expect(await copies.moved(definition, 'old')).toEqual([data]);
      expect(await look(old)).toBe(content);
      // What can be mounted is empty, and nobody's but root's.
      expect(await look(data)).toBe('0 0 0 .\n');
      await expect(room.move(live, kept)).rejects.toMatchObject({ problem: { why: `${data} holds nothing` } });
      await room.move(kept, live);
    } finally {
      await room.close();
    }
    expect(await copies.moved(definition, 'old')).toEqual([]);
    expect(await look(data)).toBe(content);
    expect(await docker('volume', 'inspect', '-f', '{{json .Labels}} {{.Mountpoint}}', data)).toBe(before);
  });

  it('are whole in one of the two after a kill at any line, and a second try brings them to their place', async () => {
    const lines = moveCommand.slice(words.length).trim().split('\n');
    await copies.openMoves(definition, { read: [], write: [live, kept] }).then((room) => room.close());
    const told: boolean[] = [];
    await withMover(async (mover) => {
      for (let at = 0; at <= lines.length; at++) {
        const fill = `rm -rf ${old}/_gone ${old}/_data ${data}/_data; mkdir ${old}/_data ${data}/_data; echo old > ${old}/_data/file; echo new > ${data}/_data/file`;
        await shell(mover, fill);
        // Putting back: the old data take the place of others.
        const cut = [...lines.slice(0, at), 'kill -9 $$', ...lines.slice(at)].join('\n');
        const { code } = await mover.execute(['/bin/sh', '-c', words + cut, 'sh', old, data], { doing: 'be cut off' });
        expect(code, lines[at - 1]).toBe(137);
        const place = await shell(mover, `cat ${old}/_data/file ${data}/_data/file 2>/dev/null || true`);
        expect(place.match(/old/g), lines[at - 1]).toHaveLength(1);
        const [held] = await heldVolumes(mover, [old]);
        told.push(held !== undefined);
        if (held) await moveData(mover, old, data);
        expect(await shell(mover, `cat ${data}/_data/file`), lines[at - 1]).toBe('old\n');
        expect(await heldVolumes(mover, [old, data])).toEqual([data]);
      }
    });
    expect(told).toContain(true);
    expect(told).toContain(false);
  });

  it('are not moved along links or out of their folder, and nothing is touched then', async () => {
    await copies.openMoves(definition, { read: [], write: [live, kept] }).then((room) => room.close());
    await inside(data, 'echo mine > /d/file');
    await withMover(async (mover) => {
      await shell(mover, `mv ${data}/_data ${data}/elsewhere; ln -s elsewhere ${data}/_data`);
      await expect(moveData(mover, data, old)).rejects.toMatchObject({ problem: { why: `${data}/_data is no folder` } });
      await expect(moveData(mover, old, data)).rejects.toMatchObject({ code: 'engine-refused' });
      expect(await copies.movesAtOnce(definition, [live])).toEqual({ atOnce: false, why: expect.stringContaining('is no folder') });
      expect(await heldVolumes(mover, [data, old])).toEqual([]);
      await shell(mover, `rm ${data}/_data; mv ${data}/elsewhere ${data}/_data`);
      for (const name of ['.', '..', '', `${old}/_data`, '-rf', `${old} _data`, 'x; rm -rf *']) {
        await expect(moveData(mover, data, name), name).rejects.toMatchObject({
          problem: { why: `${name} is no name of a volume`.trim() },
        });
      }
      expect(await shell(mover, `cat ${data}/_data/file`)).toBe('mine\n');
    });
  });

  it('are told not to be moved where a volume has options, or another container runs on it', async () => {
    const name = `${stack}-other`;
    await docker('run', '-d', '--name', name, '-v', `${data}:/d`, tinyImage, 'sleep', '1000');
    try {
      expect(await copies.movesAtOnce(definition, [live])).toEqual({
        atOnce: false,
        why: `another container, ${name}, runs on its volumes`,
      });
    } finally {
      await docker('rm', '-f', name);
    }
    await docker('volume', 'rm', data);
    await docker('volume', 'create', '-o', 'type=tmpfs', '-o', 'device=tmpfs', data);
    try {
      expect(await copies.movesAtOnce(definition, [live])).toEqual({
        atOnce: false,
        why: `the volume ${data} has options of its own`,
      });
      await expect(copies.openMoves(definition, { read: [live], write: [] })).rejects.toMatchObject({ code: 'engine-refused' });
    } finally {
      await docker('volume', 'rm', data);
    }
  });

  it('can be deleted although a killed process left a container that holds on to them', async () => {
    await copies.open(definition, { read: [live], write: [kept] });
    await copies.open(definition, { read: [kept], write: [], aside: true });
    const bench = await startHelper(bed.engine, definition, [], { labels: { 'io.noodlebox.depot': 'db' } });
    await copies.clear(stack, 'aside');
    expect(await docker('ps', '-q', '--filter', `label=io.noodlebox.helper=${stack}`)).toMatch(/^([0-9a-f]{12}\n){2}$/);
    await copies.clear(stack);
    // Programs of a service at work under another lock go on.
    expect(await docker('ps', '-q', '--filter', 'label=io.noodlebox.depot', '--filter', `label=io.noodlebox.helper=${stack}`)).not.toBe('');
    await bench.remove();
    await copies.open(definition, { read: [live, kept], write: [] });
    expect(await docker('ps', '-q', '--filter', `label=io.noodlebox.helper=${stack}`)).toMatch(/^[0-9a-f]{12}\n$/);
    await copies.removeSet(stack, 'old');
    await copies.open(definition, { read: [live], write: [] });
    await bed.runtime.removeVolume(stack, definition.volumes.data!);
    expect(await bed.runtime.observe(definition)).toMatchObject({ volumes: [] });
  });

  async function withMover(act: (mover: Helper) => Promise<void>): Promise<void> {
    const volumes = JSON.parse(await docker('volume', 'inspect', data)) as Parameters<typeof startMover>[2];
    const mover = await startMover(bed.engine, definition, volumes);
    try {
      await act(mover);
    } finally {
      await mover.remove();
    }
  }

  /** In the folder of all volumes. */
  async function shell(mover: Helper, script: string): Promise<string> {
    const parts: string[] = [];
    await mover.run(['/bin/sh', '-c', `set -e; ${words}${script}`, 'sh'], 'prepare a test', { sink: (part) => void parts.push(part) });
    return parts.join('');
  }

  const inside = (volume: string, script: string) =>
    docker('run', '--rm', '--network', 'none', '-v', `${volume}:/d`, '--entrypoint', 'sh', tinyImage, '-c', `set -e; ${script}`);
  const look = (volume: string) => inside(volume, "cd /d; busybox find . -exec stat -c '%a %u %g %n' {} + | busybox sort -k 4");
});

function docker(...args: string[]): Promise<string> {
  return output('docker', args, process.env);
}
