/** The stack's documents: one collection each, found by the id the entity has in every store. */
import type { Collection, Document } from 'mongodb';
import type { MongodbClient } from './client.ts';

interface Dated {
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface UserProfile extends Dated {
  readonly user_id: string;
  readonly display_name: string;
  readonly bio?: string;
  readonly preferences: Readonly<Record<string, unknown>>;
}

export interface ProjectDocument extends Dated {
  readonly project_id: string;
  readonly title: string;
  readonly content: string;
  readonly tags: readonly string[];
}

export interface ModelDocument extends Dated {
  readonly model_id: string;
  readonly name: string;
  readonly model_type: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The collections, and the field that holds the entity's id in each. */
export const collections = {
  user_profiles: 'user_id',
  project_documents: 'project_id',
  ai_models: 'model_id',
} as const;

export interface Documents<T extends Document> {
  get(id: string, signal?: AbortSignal): Promise<T | undefined>;
  /** Oldest first. */
  list(options: { readonly limit: number; readonly after?: Date }, signal?: AbortSignal): Promise<readonly T[]>;
  /** Writes the document, in place of the one with its id if there is one; `updated_at` is now, `created_at` stays. */
  save(document: Omit<T, 'created_at' | 'updated_at'>): Promise<void>;
  /** @returns whether it was there */
  delete(id: string): Promise<boolean>;
}

export interface DocumentRepositories {
  readonly profiles: Documents<UserProfile>;
  readonly projects: Documents<ProjectDocument>;
  readonly models: Documents<ModelDocument>;
}

export function documentRepositories({ database }: MongodbClient): DocumentRepositories {
  return {
    profiles: documents(database.collection('user_profiles'), collections.user_profiles),
    projects: documents(database.collection('project_documents'), collections.project_documents),
    models: documents(database.collection('ai_models'), collections.ai_models),
  };
}

function documents<T extends Document>(collection: Collection, idField: string): Documents<T> {
  // $eq keeps an id that is an object with operators, as JSON may bring, from being read as a query.
  const withId = (id: unknown) => ({ [idField]: { $eq: id } });
  const projection = { _id: 0 };
  return {
    get: async (id, signal) => (await collection.findOne<T>(withId(id), { projection, signal })) ?? undefined,
    list: ({ limit, after }, signal) =>
      collection
        .find<T>(after ? { created_at: { $gt: after } } : {}, { projection, signal })
        .sort({ created_at: 1 })
        .limit(limit)
        .toArray(),
    async save(document) {
      const now = new Date();
      const { [idField]: id, ...fields } = document as Document;
      await collection.updateOne(
        withId(id),
        { $set: { ...fields, updated_at: now }, $setOnInsert: { [idField]: id, created_at: now } },
        { upsert: true },
      );
    },
    delete: async (id) => (await collection.deleteOne(withId(id))).deletedCount > 0,
  };
}
