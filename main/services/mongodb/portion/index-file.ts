/** How the documents of a bundle are to be loaded. */
import { z } from 'zod';

/** Names of collections: https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
const Name = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !name.includes('\0') && !name.includes('$') && !name.startsWith('system.'), 'no name of a collection');

export const Index = z.strictObject({
  format: z.literal(1),
  collections: z.array(
    z.strictObject({
      name: Name,
      /** Extended JSON. */
      options: z.string().max(1_000_000),
      indexes: z.array(z.string().max(1_000_000)).max(200),
      documents: z.number().int().nonnegative(),
      part: z.string(),
    }),
  ),
});
export type IndexedCollection = z.infer<typeof Index>['collections'][number];
