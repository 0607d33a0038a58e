/** A server's own programs (pg_dump and the like), run where the server runs: each call one process, no shell. */

export interface ServiceTools {
  /** Where a program that is run here reaches the service's own port, as it runs now. @throws NoodleError service-unreachable */
  address(port: number): Promise<{ readonly host: string; readonly port: number }>;
  /**
   * Runs a program to its end and gives what it prints, as it comes; nothing is read ahead of the reader by more than
   * the pipes hold. The process is gone once the iteration has ended, whether by itself, an abort, or by leaving it early.
   * @throws NoodleError tool-missing, tool-failed (with the last lines it complained in), disk-full, service-unreachable
   */
  run(call: ToolCall): AsyncGenerator<Uint8Array, void, undefined>;
}

export interface ToolCall {
  /** The program and its arguments. Others can see them: secrets go into `env`. */
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input; nothing: an empty one. */
  readonly input?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** For errors, as it follows "could not": `dump noodle_db`. */
  readonly doing: string;
}
