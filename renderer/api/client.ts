import { createORPCClient, DynamicLink, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract, ProblemData } from '../../preload/contract/index.ts';
import { currentLink } from './connect.ts';

const link = new DynamicLink(async () => currentLink());

/** The core's API. Calls fail at once while the core cannot be reached. */
export const api: ContractRouterClient<Contract> = createORPCClient(link);

/** An error as a person is told of it, whatever was thrown. */
export function problemOf(error: unknown): ProblemData {
  if (error instanceof ORPCError && isProblem(error.data)) return error.data;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'window', what: message };
}

function isProblem(data: unknown): data is ProblemData {
  return typeof data === 'object' && data !== null && 'code' in data && 'what' in data && typeof data.what === 'string';
}
