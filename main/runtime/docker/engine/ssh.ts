/**
 * A connection through `ssh … docker system dial-stdio`, the way of the docker command itself
 * (docker/cli, cli/connhelper/ssh): so ~/.ssh/config, agents, jump hosts and known hosts all count.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Endpoint } from '../discovery/endpoint.ts';

type SshEndpoint = Extract<Endpoint, { transport: 'ssh' }>;

/** BatchMode: a question nobody sees (a passphrase, an unknown host) is an error at once instead of a wait for ever. */
export function sshArguments(endpoint: SshEndpoint): readonly string[] {
  return [
    ...['-o', 'ConnectTimeout=30', '-o', 'BatchMode=yes', '-T'],
    ...(endpoint.user ? ['-l', endpoint.user] : []),
    ...(endpoint.port ? ['-p', String(endpoint.port)] : []),
    ...['--', endpoint.host, 'docker'],
    ...(endpoint.socket ? ['--host', `unix://${endpoint.socket}`] : []),
    ...['system', 'dial-stdio'],
  ];
}

/** The process's stdin and stdout as one stream. When the process fails, the stream fails with what it wrote to stderr. */
export class SshConnection extends Duplex {
  readonly #ssh: ChildProcessWithoutNullStreams;
  #complaint = '';

  constructor(endpoint: SshEndpoint, env: NodeJS.ProcessEnv) {
    super();
    this.#ssh = spawn('ssh', sshArguments(endpoint), { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const { stdin, stdout, stderr } = this.#ssh;
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2_000);
    });
    stdin.on('error', () => undefined);
    this.#ssh.once('error', (error) => this.destroy(new Error(`ssh could not be run: ${error.message}`)));
    this.#ssh.once('close', (status) => this.#ended(status));
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#ssh.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }

  #ended(status: number | null): void {
    if (this.destroyed) return;
    if (status === 0) this.push(null);
    else this.destroy(new Error(this.#complaint.trim() || `ssh ended with status ${status}`));
  }

  // What http.Agent asks of a socket that it keeps for later.
  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    for (const handle of this.#handles()) handle.ref();
    return this;
  }

  unref(): this {
    for (const handle of this.#handles()) handle.unref();
    return this;
  }

  #handles(): readonly { ref(): unknown; unref(): unknown }[] {
    const { stdin, stdout, stderr } = this.#ssh;
    return [this.#ssh, ...[stdin, stdout, stderr].map((pipe) => pipe as unknown as Socket)];
  }
}
