/** The driver's own way to send documents as bytes. It is in none of its typings, and is loaded from where it is. */
import { createRequire } from 'node:module';

interface Sequence {
  push(document: object, bytes: Uint8Array): number;
}

const { DocumentSequence: found } = createRequire(import.meta.url)('mongodb/lib/cmap/commands.js') as {
  DocumentSequence: new (field: string) => Sequence;
};

export const DocumentSequence: new (field: string) => Sequence = found;
