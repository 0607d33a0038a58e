/** A console on a connection of its own: MULTI, WATCH and SELECT last from one line to the next. */
import type { CommandDoc, ConsoleReply } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { abortable } from '../../connect.ts';
import { asCommand, commandText, splitCommand } from '../command-text.ts';
import { type Argv, RedisLink, type Reply, refusal } from '../link.ts';
import { readCommandDocs } from './command-docs.ts';
import { dangerOf, refusalOf } from './danger.ts';
import { replyText } from './reply-text.ts';

export class RedisConsole {
  readonly #link: RedisLink;
  readonly #reader: RedisLink;
  #docs: Promise<CommandDoc[]> | undefined;

  /** @param reader a connection for reading the server's help */
  constructor(reader: RedisLink) {
    this.#reader = reader;
    this.#link = new RedisLink(reader.connection, { name: 'noodlebox-console', commandTimeout: 0 });
  }

  /** What of a typed line would be asked about. @throws NoodleError bad-argument, with the place */
  guard(line: string): { danger: string | null; command: string } {
    const command = asCommand(splitCommand(line));
    return { danger: dangerOf(command), command: commandText(command) };
  }

  /** Runs a typed line. What the server refuses is a reply, not an error. @throws NoodleError bad-argument, confirmation-needed, service-unreachable */
  async run(line: string, sure: boolean, signal: AbortSignal): Promise<ConsoleReply> {
    const command = asCommand(splitCommand(line));
    const begun = performance.now();
    const told = (reply: Reply): ConsoleReply => ({
      command: commandText(command),
      ...replyText(reply),
      failed: reply instanceof Error,
      took: performance.now() - begun,
    });
    this.#check(command, sure);
    try {
      return told(await this.#send(command, signal));
    } catch (error) {
      signal.throwIfAborted();
      const refused = refusal(error, this.#link.connection);
      if (refused.code !== 'query-failed' && refused.code !== 'not-supported-by-server') throw refused;
      return told(new Error([refused.problem.what, refused.problem.why].filter(Boolean).join(' ')));
    }
  }

  /** Runs a command given in its parts. @throws NoodleError confirmation-needed, not-supported-by-server, query-failed */
  async call(command: Argv, sure: boolean, signal: AbortSignal): Promise<Reply> {
    this.#check(command, sure);
    return this.#send(command, signal);
  }

  #check(command: Argv, sure: boolean): void {
    const never = refusalOf(command);
    if (never) {
      throw new NoodleError({
        code: 'not-supported-by-server',
        what: `${String(command[0]).toUpperCase()} does not run here.`,
        why: never,
      });
    }
    const danger = dangerOf(command);
    if (!danger || sure) return;
    throw new NoodleError({
      code: 'confirmation-needed',
      what: `${commandText(command, 80)} is asked about first.`,
      why: danger,
      todo: 'Give --yes if that is meant.',
    });
  }

  async #send(command: Argv, signal: AbortSignal): Promise<Reply> {
    try {
      return await abortable(this.#link.call(...command), signal);
    } catch (error) {
      // A command that blocks goes on until its connection ends.
      if (signal.aborted) this.#link.breakOff();
      throw error;
    }
  }

  /** All commands of this server with their help; read once. */
  commands(): Promise<CommandDoc[]> {
    this.#docs ??= readCommandDocs(this.#reader);
    this.#docs.catch(() => {
      this.#docs = undefined;
    });
    return this.#docs;
  }

  close(): void {
    this.#link.close();
  }
}
