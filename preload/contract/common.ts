/** Inputs that many procedures share. */
import { z } from 'zod';

/** Compose project names: what the engine takes, so that no name needs escaping anywhere. */
export const StackName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, - and _, starting with a letter or digit');

export const ServiceName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/);

/**
 * A stream with credits. The client makes up an id, opens the stream with it, and grants credit
 * (`streams.grant`) as it takes batches in: neither a WebSocket nor a MessagePort holds oRPC's
 * iterators back by itself.
 */
export const StreamId = z.string().min(8).max(64);

export const stackInput = z.object({ stack: StackName });

/** One server of a stack: what every procedure of a data panel begins with. */
export const serviceInput = stackInput.extend({ service: ServiceName });
