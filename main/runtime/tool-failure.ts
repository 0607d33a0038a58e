import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { ToolCall } from './tools.ts';

/** A tool that left with another status than 0. @param complaint the end of its standard error */
export function toolFailed({ argv, doing }: ToolCall, code: number | undefined, complaint: string): NoodleError {
  const why = complaint.trim().split('\n').slice(-limits.errorLogLines).join('\n');
  if (/no space left on device|disk quota exceeded/i.test(complaint)) {
    return new NoodleError({
      code: 'disk-full',
      what: `The disk is full: could not ${doing}.`,
      why,
      todo: 'Free some space, then try again.',
    });
  }
  return new NoodleError({
    code: 'tool-failed',
    what: `Could not ${doing}.`,
    why: why ? `${argv[0]}: ${why}` : `${argv[0]} ended with ${code ?? 'no status'}.`,
  });
}

/** @param install the command that brings it, where there is one */
export function toolMissing({ argv, doing }: ToolCall, where: string, install?: string): NoodleError {
  return new NoodleError({
    code: 'tool-missing',
    what: `Could not ${doing}: there is no ${argv[0]} ${where}.`,
    todo: install && 'Install it.',
    command: install,
  });
}
