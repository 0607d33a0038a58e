import type { Core } from '../../core/core.ts';
import { limits } from '../../limits.ts';

/** Ends the app's core: the stack goes on, or is stopped first, as the person chose. An error in stopping keeps nobody from quitting. */
export async function endCore(core: Core): Promise<void> {
  try {
    const { onQuit, stack: name } = await core.settings();
    if (onQuit === 'stop') {
      const stack = await core.open({ stack: name, create: false });
      await stack.stop([], { signal: AbortSignal.timeout(limits.quitStop), onEvent: () => {} });
    }
  } catch {
    // Its services can be stopped later; the app must not hang.
  } finally {
    await core.close();
  }
}
