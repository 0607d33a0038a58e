import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function cacheRouter(os: Implementer['cache'], parts: Parts) {
  return os.router({
    version: os.version.handler(async ({ input, signal }) => {
      const session = await parts.session('redis', input);
      return { version: await session.version(signal ?? untilClosed) };
    }),
  });
}
