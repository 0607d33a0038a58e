import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function documentsRouter(os: Implementer['documents'], parts: Parts) {
  return os.router({
    version: os.version.handler(async ({ input, signal }) => {
      const session = await parts.session('mongodb', input);
      return { version: await session.version(signal ?? untilClosed) };
    }),
  });
}
