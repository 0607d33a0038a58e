/** How the points of a bundle are to be loaded. */
import { z } from 'zod';

export const Index = z.strictObject({
  format: z.literal(1),
  buckets: z.array(
    z.strictObject({
      /** null: the stack's own, whatever it is called */
      name: z.string().max(500).nullable(),
      /** seconds; 0: for good. What it was. */
      retention: z.number().int().nonnegative(),
      points: z.number().int().nonnegative(),
      part: z.string(),
      measurements: z.array(z.string()),
    }),
  ),
});

export type IndexedBucket = z.infer<typeof Index>['buckets'][number];
