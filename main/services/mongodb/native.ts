/** MongoDB as a process: mongod where there is one, else FerretDB, which speaks its protocol over SQLite. */
import { readdir } from 'node:fs/promises';
import { NoodleError } from '../../errors.ts';
import type { NativeServer } from '../../runtime/native/server.ts';
import { ferretdb } from './ferretdb.ts';
import { parseLine } from './log-line.ts';
import { mongod } from './mongod.ts';
import { connected } from './native-client.ts';

const dataPath = '/data/db';

export const server: NativeServer = {
  kind: 'mongodb',
  title: 'MongoDB',
  parseLine,
  find: async (places) => (await mongod.find(places)) ?? ferretdb.find(places),
  installation: (places) => ferretdb.installation(places),

  async prepare(found, instance) {
    const which = found.program.startsWith(ferretdb.name) ? ferretdb : mongod;
    const data = instance.mounted(dataPath);
    const entries = await readdir(data).catch((): string[] => []);
    const other = which === mongod ? ferretdb : mongod;
    if (entries.includes(other.mark) && !entries.includes(which.mark)) {
      throw new NoodleError({
        code: 'data-version',
        what: `The data of ${instance.spec.name} was written by ${other.name}, and ${found.program} cannot open it.`,
        why: `${data} holds ${other.mark}.`,
        todo: `Make ${other.name} available again, or use another stack name, or delete the data.`,
        command: `noodlebox down --volumes --stack ${instance.stack}`,
      });
    }
    return which.prepare(found, instance, data);
  },

  async settle(instance, signal) {
    // Only mongod starts bare; FerretDB makes its user as it starts.
    if (await mongod.wrote(instance.mounted(dataPath))) await mongod.settle(instance, signal);
  },

  async ready(instance, signal) {
    // Without a sign-in: a server that refuses the password is ready all the same, and whoever signs in next is told.
    await connected(instance, { as: 'nobody', signal }, async (admin) => {
      const hello = await admin.command({ hello: 1 });
      if (hello.isWritablePrimary !== true) throw new Error('it is not the primary of its replica set yet');
    });
  },
};
