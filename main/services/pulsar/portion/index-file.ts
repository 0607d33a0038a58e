/** How the messages of a bundle are to be loaded. */
import { z } from 'zod';

export const Index = z.strictObject({
  format: z.literal(1),
  topics: z.array(
    z.strictObject({
      /** `persistent://tenant/namespace/name` */
      topic: z.string().max(1_000),
      /** 0: it has none */
      partitions: z.number().int().min(0).max(10_000),
      /** Oldest first. */
      schemas: z
        .array(
          z.strictObject({ type: z.string().max(100), data: z.string().max(10_000_000), properties: z.record(z.string(), z.string()) }),
        )
        .max(1_000),
      /** A part for each partition, or one. */
      parts: z.array(z.strictObject({ partition: z.number().int().min(0).nullable(), part: z.string(), messages: z.number().int() })),
    }),
  ),
});
export type IndexedTopic = z.infer<typeof Index>['topics'][number];

/** A topic as people know it. */
export function shownTopic(topic: string): string {
  return topic.replace('persistent://public/default/', '').replace('persistent://', '');
}
