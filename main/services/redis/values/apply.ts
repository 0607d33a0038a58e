/** Runs an edit: what was seen is compared, and the commands run, with nobody able to come in between. */
import type { Redis } from 'ioredis';
import type { KeyEdit } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { bytesOf } from '../bytes.ts';
import { asArray, type RedisLink, type Reply, refusal } from '../link.ts';
import { planEdit } from './edits.ts';

/** WATCH belongs to a connection: one edit at a time has it. */
export class EditDesk {
  readonly #link: RedisLink;
  #last: Promise<unknown> = Promise.resolve();

  /** @param link a connection that nothing else uses */
  constructor(link: RedisLink) {
    this.#link = link;
  }

  /**
   * @param create the key must not be there yet; otherwise it must
   * @throws NoodleError conflict (changed meanwhile), not-found, query-failed
   */
  apply(key: string, edit: KeyEdit, create: boolean): Promise<void> {
    const done = this.#last.then(() => this.#run(key, edit, create));
    this.#last = done.catch(() => {});
    return done;
  }

  async #run(key: string, edit: KeyEdit, create: boolean): Promise<void> {
    const { checks, commands } = planEdit(key, edit);
    const bytes = bytesOf(key);
    const redis = await this.#link.redis();
    const watched = edit.kind === 'rename' ? [bytes, bytesOf(edit.to)] : [bytes];
    let replies: Reply;
    try {
      await redis.callBuffer('WATCH', ...watched);
      const there = String(await redis.callBuffer('EXISTS', bytes)) === '1';
      if (create && there)
        throw new NoodleError({
          code: 'conflict',
          what: 'There is a key of this name already.',
          todo: 'Choose another name, or edit that one.',
        });
      if (!create && !there)
        throw new NoodleError({
          code: 'not-found',
          what: 'This key is not there any more.',
          why: 'It was deleted, or its time to live has ended.',
        });
      for (const { ask, holds, changed } of checks) {
        const [name, ...args] = ask;
        if (!holds((await redis.callBuffer(name, ...args)) as Reply)) throw conflict(changed);
      }
      replies = (await transaction(redis, commands)) as Reply;
    } catch (error) {
      await redis.callBuffer('UNWATCH').catch(() => {});
      throw refusal(error, this.#link.connection);
    }
    if (replies === null) throw conflict('The key was changed by someone else meanwhile.');
    for (const reply of asArray(replies)) if (reply instanceof Error) throw refusal(reply, this.#link.connection);
  }
}

async function transaction(redis: Redis, commands: ReturnType<typeof planEdit>['commands']): Promise<unknown> {
  const steps = [['MULTI'], ...commands, ['EXEC']].map(([name, ...args]) => ['callBuffer', name!, ...args]);
  const replies = (await redis.pipeline(steps).exec()) ?? [];
  // What the server refuses to queue says why; EXEC then only says that it was discarded.
  const refused = replies.find(([error]) => error !== null);
  if (refused?.[0]) throw refused[0];
  return replies.at(-1)?.[1];
}

function conflict(what: string): NoodleError {
  return new NoodleError({ code: 'conflict', what, why: 'Nothing was changed.', todo: 'Load it again, and make the change anew.' });
}
