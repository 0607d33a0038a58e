import type { Implementer, Parts } from './parts.ts';

export function notebookRouter(os: Implementer['notebook'], parts: Parts) {
  const of = async (stack: string) => (await parts.stack(stack)).notebook();
  return os.router({
    history: os.history.handler(async ({ input }) => (await of(input.stack)).history(input.panel, input.text, input.limit)),
    clearHistory: os.clearHistory.handler(async ({ input }) => (await of(input.stack)).clearHistory(input.panel)),
    saved: os.saved.handler(async ({ input }) => (await of(input.stack)).saved(input.panel, input.kind)),
    save: os.save.handler(async ({ input }) => (await of(input.stack)).save(input.item)),
    remove: os.remove.handler(async ({ input }) => (await of(input.stack)).remove(input.panel, input.id)),
  });
}
