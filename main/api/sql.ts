import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function sqlRouter(os: Implementer['sql'], parts: Parts) {
  return os.router({
    version: os.version.handler(async ({ input, signal }) => {
      const session = await parts.session('postgres', input);
      return { version: await session.version(signal ?? untilClosed) };
    }),
  });
}
