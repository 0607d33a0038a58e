/** What a pull tells of itself, added up honestly. */
import type { Progress } from '../../../../preload/contract/index.ts';

/** One message of `POST /images/create` (moby, pkg/jsonmessage). An error arrives in the stream, after status 200. */
export interface PullMessage {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

export type LayersProgress = Extract<Progress, { kind: 'layers' }>;

interface Layer {
  readonly status: string;
  /** bytes, of the step its status names */
  readonly current: number;
  readonly total: number;
  /** bytes that came over the network, and are to come */
  readonly downloaded: number;
  readonly size: number;
}

const unknown: Layer = { status: '', current: 0, total: 0, downloaded: 0, size: 0 };

/** Layers by id, in the order they turned up. Bytes count as done when they have been downloaded; layers that were there already count nothing. */
export class PullProgress {
  readonly #layers = new Map<string, Layer>();

  /** False when the message is about no layer. */
  add({ id, status = '', progressDetail }: PullMessage): boolean {
    if (!id || !isLayer(id, status)) return false;
    const before = this.#layers.get(id) ?? unknown;
    this.#layers.set(id, nextLayer(before, status, progressDetail?.current, progressDetail?.total));
    return true;
  }

  now(): LayersProgress {
    const layers = [...this.#layers].map(([id, { status, current, total }]) => ({ id, status, current, total }));
    const sum = (of: (layer: Layer) => number): number => [...this.#layers.values()].reduce((total, layer) => total + of(layer), 0);
    return { kind: 'layers', current: sum(({ downloaded }) => downloaded), total: sum(({ size }) => size), layers };
  }
}

function nextLayer(before: Layer, status: string, current: number | undefined, total: number | undefined): Layer {
  if (status === 'Downloading') {
    const size = total && total > 0 ? total : before.size;
    return {
      status,
      current: current ?? before.current,
      total: size,
      downloaded: Math.min(current ?? before.downloaded, size || Number.POSITIVE_INFINITY),
      size,
    };
  }
  if (status === 'Extracting')
    return { ...before, status, current: current ?? before.current, total: total ?? before.size, downloaded: before.size };
  if (status === 'Download complete' || status === 'Verifying Checksum')
    return { ...before, status, current: before.size, total: before.size, downloaded: before.size };
  if (status === 'Pull complete') return { ...before, status, current: before.size, total: before.size, downloaded: before.size };
  return { ...before, status };
}

/** The first message carries the tag as its id ("Pulling from library/redis"). */
function isLayer(id: string, status: string): boolean {
  return /^[0-9a-f]{12,}$/.test(id) && !status.startsWith('Pulling from');
}
