/** The one connection of a session: opened when first needed, quick to say that the server is away, there again when it is. */
import type { Document, MongoClient, RunCommandCursor } from 'mongodb';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { abortable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { exactly } from '../bson/ejson.ts';
import { openMongodb } from '../client.ts';
import { failure } from './failure.ts';

/** A command as it is sent. Documents in it are Maps or plain objects. */
export type Command = Readonly<Record<string, unknown>>;

const writeConcern = { w: 'majority', j: true };

export class Link {
  readonly connection: Connection;
  #client: Promise<MongoClient> | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** The stack's own database. */
  get database(): string {
    return this.connection.parts.database!;
  }

  /** @throws NoodleError service-unreachable, wrong-password */
  async client(): Promise<MongoClient> {
    this.#client ??= openMongodb(this.connection, undefined, {
      pauses: [],
      selectionTimeout: limits.documentServerWait,
      readPreference: 'primaryPreferred',
    }).then(({ driver }) => driver);
    const opening = this.#client;
    // One that could not be opened is tried afresh the next time.
    opening.catch(() => {
      if (this.#client === opening) this.#client = undefined;
    });
    return opening;
  }

  /** Runs a command. @returns its answer, with every type as it is. @throws NoodleError query-failed, not-supported-by-server, service-unreachable, cancelled */
  async command(database: string, command: Command, signal: AbortSignal): Promise<Document> {
    return this.#told(signal, async () => {
      const client = await abortable(this.client(), signal);
      return await abortable(client.db(named(database)).command({ ...command }, { ...exactly, signal }), signal);
    });
  }

  /** A command that writes. @returns its answer; what the server refused of it is thrown */
  async write(database: string, command: Command, signal: AbortSignal): Promise<Document> {
    const answer = await this.command(database, { ...command, writeConcern }, signal);
    const [refused] = (answer.writeErrors ?? []) as Document[];
    if (refused) throw failure(Object.assign(new Error(String(refused.errmsg)), refused, { code: Number(refused.code) }), this.connection);
    return answer;
  }

  /** The documents a command answers with, as bytes. The caller closes the cursor. */
  async cursor(
    database: string,
    command: Command,
    options: { readonly batch: number; readonly signal?: AbortSignal },
  ): Promise<RunCommandCursor> {
    const client = await abortable(this.client(), options.signal);
    const cursor = client.db(named(database)).runCursorCommand({ ...command }, { raw: true } as object);
    cursor.setBatchSize(options.batch);
    return cursor;
  }

  /** Errors of the driver in our words. */
  async told<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    return this.#told(signal, act);
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.close();
  }

  async #told<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    try {
      signal.throwIfAborted();
      return await act();
    } catch (error) {
      if (error instanceof NoodleError) throw error;
      if (signal.aborted) throw new NoodleError({ code: 'cancelled', what: 'Cancelled.' }, { cause: error });
      throw failure(error, this.connection);
    }
  }
}

/** The driver takes some names for paths: those that no server has are refused before. */
function named(database: string): string {
  if (database === '' || /[\0/\\ "$.]/.test(database) || Buffer.byteLength(database) > 63) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `${JSON.stringify(database)} is no name of a database.`,
      why: 'A name has 1 to 63 bytes and none of / \\ . " $ and space.',
    });
  }
  return database;
}
