/** The API over a MessagePort: one end stays here, the other goes to the page through the preload. */
import { RPCHandler } from '@orpc/server/message-port';
import type { MessageChannelMain, WebContents } from 'electron';
import type { Router } from '../../api/router.ts';

/** The preload listens to this channel (preload/index.ts). */
export const portChannel = 'noodlebox-port';

type Channel = Pick<MessageChannelMain, 'port1' | 'port2'>;

/** Gives every page that has loaded a port of its own; the one before it is closed with all its streams. */
export function offerApi(router: Router, contents: Pick<WebContents, 'on' | 'postMessage'>, open: () => Channel): void {
  const handler = new RPCHandler(router);
  let current: Channel['port1'] | undefined;
  contents.on('did-finish-load', () => {
    current?.close();
    const { port1, port2 } = open();
    current = port1;
    handler.upgrade(port1);
    port1.start();
    contents.postMessage(portChannel, null, [port2]);
  });
}
