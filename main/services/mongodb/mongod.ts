/**
 * mongod as a one-member replica set with authentication. No machine that this was written on could
 * have a mongod: it follows MongoDB's manual ("Deploy a Replica Set", "Localhost Exception") and is untried.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../home/files.ts';
import { askVersion, atLeast, exists, programs } from '../../runtime/native/find-program.ts';
import type { FoundServer, Launch, NativeInstance, ServerPlaces } from '../../runtime/native/server.ts';
import { serverCode } from './errors.ts';
import { connected, credentialsOf } from './native-client.ts';

const oldest = '7.0';
const replicaSet = 'noodle-replica-set';
const knownFolders = [
  '/opt/homebrew/opt/mongodb-community/bin',
  '/usr/local/opt/mongodb-community/bin',
  'C:\\Program Files\\MongoDB\\Server\\8.0\\bin',
  'C:\\Program Files\\MongoDB\\Server\\7.0\\bin',
];

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const notYetInitialized = 94;
const authenticationFailed = 18;
const unauthorized = 13;

export const mongod = {
  name: 'mongod',
  mark: 'WiredTiger',

  async find({ env }: ServerPlaces): Promise<FoundServer | undefined> {
    for await (const path of programs('mongod', env, knownFolders)) {
      const version = await askVersion([path, '--version'], /db version v(\d+\.\d+\.\d+)/);
      if (version && atLeast(version, oldest)) return { program: `mongod ${version}`, version, path, notes: [] };
    }
    return undefined;
  },

  async prepare(found: FoundServer, instance: NativeInstance, data: string): Promise<Launch> {
    await mkdir(data, { recursive: true, mode: 0o700 });
    const key = join(instance.folder, 'key');
    await writeFileAtomic(key, `${instance.spec.environment.NOODLEBOX_MONGO_KEY ?? ''}\n`, 0o600);
    const port = String(instance.published(27017));
    const args = ['--dbpath', data, '--port', port, '--bind_ip', '127.0.0.1', '--replSet', replicaSet, '--keyFile', key, '--nounixsocket'];
    return { command: found.path, args, env: {}, cwd: data, stopSignal: 'SIGTERM' };
  },

  wrote: (data: string) => exists(join(data, 'WiredTiger')),

  /** Makes the replica set and the first user, which nobody may do but from this machine and only once; follows a port that moved. */
  async settle(instance: NativeInstance, signal: AbortSignal): Promise<void> {
    const host = `127.0.0.1:${instance.published(27017)}`;
    if (await signsIn(instance, signal)) return moveTo(instance, host, signal);
    await connected(instance, { as: 'nobody', signal }, async (admin) => {
      const hello = await admin.command({ hello: 1 });
      if (hello.setName === undefined) await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } });
      if ((await admin.command({ hello: 1 })).isWritablePrimary !== true) throw new Error('it is becoming the primary of its replica set');
      const { username, password } = credentialsOf(instance);
      await admin.command({ createUser: username, pwd: password, roles: ['root'] }).catch((error: unknown) => {
        // There are users already: the password is not that of the data.
        if (serverCode(error) !== unauthorized) throw error;
      });
    });
  },
};

async function signsIn(instance: NativeInstance, signal: AbortSignal): Promise<boolean> {
  try {
    await connected(instance, { as: 'user', signal }, (admin) => admin.command({ ping: 1 }));
    return true;
  } catch (error) {
    if (serverCode(error) === authenticationFailed) return false;
    throw error;
  }
}

/** A member knows itself by its host and port; when the port has moved it no longer finds itself in its own set. */
async function moveTo(instance: NativeInstance, host: string, signal: AbortSignal): Promise<void> {
  await connected(instance, { as: 'user', signal }, async (admin) => {
    try {
      const { config } = await admin.command({ replSetGetConfig: 1 });
      if (config.members[0].host === host) return;
      const members = [{ ...config.members[0], host }];
      await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
    } catch (error) {
      if (serverCode(error) !== notYetInitialized) throw error;
      await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } });
    }
  });
}
