/**
 * The only bridge between the core and the page: it hands the page the port that the API comes over.
 * A port cannot go through contextBridge, so it is posted to the page's own window, and to no other origin.
 */
import { ipcRenderer } from 'electron';

/** What is used of the page's window; this file is checked together with Node's types. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

ipcRenderer.on('noodlebox-port', (event) => {
  const [port] = event.ports;
  if (port) window.postMessage({ type: 'noodlebox-port' }, window.location.origin, [port]);
});
