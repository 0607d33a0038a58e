import type { Runtime } from '../../main/runtime/runtime.ts';
import { nothing } from './specs.ts';

/** A runtime that records its calls. It stands in where a test is about order and failure, not about servers. */
export function recordingRuntime(given: Partial<Runtime> = {}): { readonly runtime: Runtime; readonly calls: string[] } {
  const calls: string[] = [];
  const call = (text: string) => async () => void calls.push(text);
  const runtime: Runtime = {
    kind: 'docker',
    info: async () => ({ kind: 'docker', title: 'Test', endpoint: 'test', version: '1', remote: false }),
    observe: async () => nothing,
    stacks: async () => [],
    provide: (spec) => call(`provide ${spec.name}`)(),
    createNetwork: (_stack, network) => call(`create-network ${network.name}`)(),
    removeNetwork: (_stack, network) => call(`remove-network ${network.name}`)(),
    createVolume: (_stack, volume) => call(`create-volume ${volume.name}`)(),
    removeVolume: (_stack, volume) => call(`remove-volume ${volume.name}`)(),
    create: (_definition, spec, hash) => call(`create ${spec.name} ${hash}`)(),
    start: (_stack, spec) => call(`start ${spec.name}`)(),
    stop: (_stack, spec) => call(`stop ${spec.name}`)(),
    remove: (_stack, service) => call(`remove ${service}`)(),
    pause: (_stack, service) => call(`pause ${service}`)(),
    unpause: (_stack, service) => call(`unpause ${service}`)(),
    copies: {
      movesAtOnce: async () => ({ atOnce: true }),
      open: async () => {
        throw new Error('there are no volumes to copy');
      },
      openMoves: async () => {
        throw new Error('there are no volumes to move');
      },
      kept: async () => [],
      moved: async () => [],
      removeSet: (_stack, set) => call(`remove-set ${set}`)(),
      clear: async () => {},
    },
    benches: {
      open: async () => {
        throw new Error('there is no bench');
      },
      removeDepot: (_stack, service) => call(`remove-depot ${service}`)(),
    },
    tools: () => {
      throw new Error('there are no tools');
    },
    inspect: async () => undefined,
    listens: async () => true,
    probe: async () => ({ state: 'ready' }),
    readFile: async () => undefined,
    async *logs() {},
    async *stats() {},
    async *changes() {},
    close: async () => {},
    ...given,
  };
  return { runtime, calls };
}
