/** Connections to an endpoint, kept and reused by an http.Agent. */
import { Agent } from 'node:http';
import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../discovery/endpoint.ts';
import { SshConnection } from './ssh.ts';

/** `env` is what an ssh process is given: its agent and PATH. */
export function agentFor(endpoint: Endpoint, env: NodeJS.ProcessEnv): Agent {
  return new EngineAgent(() => connect(endpoint, env));
}

class EngineAgent extends Agent {
  readonly #connect: () => Duplex;

  constructor(connect: () => Duplex) {
    super({ keepAlive: true });
    this.#connect = connect;
  }

  override createConnection(): Duplex {
    return this.#connect();
  }
}

function connect(endpoint: Endpoint, env: NodeJS.ProcessEnv): Duplex {
  if (endpoint.transport === 'socket') return connectSocket({ path: endpoint.path });
  if (endpoint.transport === 'ssh') return new SshConnection(endpoint, env);
  const { host, port, tls } = endpoint;
  if (!tls) return connectSocket({ host, port, noDelay: true });
  const { ca, cert, key, verify } = tls;
  return connectTls({ host, port, ca, cert, key, rejectUnauthorized: verify, servername: /^[\d.]+$|:/.test(host) ? '' : host });
}
