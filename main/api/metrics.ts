import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function metricsRouter(os: Implementer['metrics'], parts: Parts) {
  return os.router({
    version: os.version.handler(async ({ input, signal }) => {
      const session = await parts.session('influxdb', input);
      return { version: await session.version(signal ?? untilClosed) };
    }),
  });
}
