/** What the documents (MongoDB) panel asks of the core. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { serviceInput } from './common.ts';

export const documentsContract = oc.router({
  /** The server's version, as it tells it. */
  version: oc.input(serviceInput).output(z.object({ version: z.string() })),
});
