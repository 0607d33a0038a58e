/** How the parts of a bundle are to be loaded: written with them, and believed no further than it can be checked. */
import { z } from 'zod';

const Name = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !name.includes('\0'));
const Part = z.string().max(200);

export const Index = z.strictObject({
  format: z.literal(1),
  /** In the order they are loaded. */
  tables: z.array(z.strictObject({ schema: Name, name: Name, columns: z.array(Name), rows: z.number().int().nonnegative(), part: Part })),
  sequences: z.array(z.strictObject({ schema: Name, name: Name, last: z.string().regex(/^-?\d{1,19}$/) })),
  extensions: z.array(z.strictObject({ name: Name, schema: Name })),
  schema: z.strictObject({ before: Part, after: Part }),
});
export type PostgresIndex = z.infer<typeof Index>;
export type IndexedTable = PostgresIndex['tables'][number];

export function indexOf(index: Omit<PostgresIndex, 'format'>): PostgresIndex {
  return { format: 1, ...index };
}
