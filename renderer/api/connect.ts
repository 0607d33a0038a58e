import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { connection } from './connection.ts';

type Link = ClientLink<ClientContext>;

/** Pauses before the next attempt to reach the core, in ms; the last one repeats. */
const retryPauses = [250, 500, 1000, 2000, 4000];
/** Set by the Electron preload before the page loads; there the port comes as a message. */
const inElectron = navigator.userAgent.includes('Electron/');

let link: Link | null = null;
let epoch = 0;

/** The link to the core now, or an error that says that there is none. */
export function currentLink(): Link {
  if (link === null) throw new Error('The core cannot be reached.');
  return link;
}

/** Opens the way to the core and keeps it open for as long as the window lives. */
export function connect(): void {
  if (inElectron) listenForPort();
  else openSocket(0);
}

function openSocket(attempt: number): void {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
  socket.binaryType = 'arraybuffer';
  let opened = false;
  socket.addEventListener('open', () => {
    opened = true;
    use(new SocketLink({ websocket: socket }));
  });
  socket.addEventListener('close', () => {
    link = null;
    const next = opened ? 0 : attempt + 1;
    const pause = retryPauses[Math.min(next, retryPauses.length - 1)]!;
    const before = connection.get();
    if (before.kind !== 'locked') connection.set({ kind: 'lost', since: before.kind === 'lost' ? before.since : Date.now() });
    setTimeout(() => openSocket(next), pause);
    if (!opened) void tellIfLocked();
  });
}

/** A refused socket does not say why; a plain request does. */
async function tellIfLocked(): Promise<void> {
  const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (answer?.status === 401 && connection.get().kind === 'lost') connection.set({ kind: 'locked' });
}

/** The preload posts a fresh port at load, and again whenever the core was started anew. */
function listenForPort(): void {
  window.addEventListener('message', (event: MessageEvent<{ type?: string } | null>) => {
    const port = event.ports[0];
    if (event.source !== window || event.data?.type !== 'noodlebox-port' || port === undefined) return;
    port.addEventListener('close', () => {
      link = null;
      connection.set({ kind: 'lost', since: Date.now() });
    });
    port.start();
    use(new PortLink({ port }));
  });
}

function use(next: Link): void {
  link = next;
  epoch += 1;
  connection.set({ kind: 'open', epoch });
}
