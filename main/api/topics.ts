import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function topicsRouter(os: Implementer['topics'], parts: Parts) {
  return os.router({
    version: os.version.handler(async ({ input, signal }) => {
      const session = await parts.session('pulsar', input);
      return { version: await session.version(signal ?? untilClosed) };
    }),
  });
}
