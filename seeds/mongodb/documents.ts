/** The documents, made from the same entities as the rows. `_id` is the entity's id, so that loading one again changes nothing. */
import type { Dataset, Sizes } from '../generator/dataset.ts';

export const collections = ['user_profiles', 'project_documents', 'ai_models'] as const;
export type CollectionName = (typeof collections)[number];

export interface SeedDocument {
  readonly _id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly [field: string]: unknown;
}

export function documentCounts(sizes: Sizes): Readonly<Record<CollectionName, number>> {
  return { user_profiles: sizes.users, project_documents: sizes.projects, ai_models: sizes.models };
}

const documentMakers: Readonly<Record<CollectionName, (dataset: Dataset, index: number) => SeedDocument>> = {
  user_profiles(dataset, index) {
    const user = dataset.user(index);
    return {
      _id: user.id,
      user_id: user.id,
      display_name: `${user.firstName} ${user.lastName}`,
      bio: `${user.jobTitle}, ${user.city}`,
      location: { city: user.city, time_zone: user.timeZone },
      preferences: { theme: user.theme, notifications: { email: user.phone !== null, builds: user.status === 'active' } },
      created_at: new Date(user.createdAt),
      updated_at: new Date(user.lastLogin ?? user.createdAt),
    };
  },
  project_documents(dataset, index) {
    const project = dataset.project(index);
    return {
      _id: project.id,
      project_id: project.id,
      title: project.name,
      content: `# ${project.name}\n\n${project.description}\n`,
      tags: project.tags,
      owner: { user_id: dataset.userId(project.owner) },
      language: project.language,
      created_at: new Date(project.createdAt),
      updated_at: new Date(project.updatedAt),
    };
  },
  ai_models(dataset, index) {
    const model = dataset.model(index);
    return {
      _id: model.id,
      model_id: model.id,
      project_id: dataset.projectId(model.project),
      name: model.name,
      model_type: model.type,
      framework: model.framework,
      parameters: { count: model.parameters, precision: 'float32' },
      metrics: { accuracy: model.accuracy },
      artifacts: [{ path: model.path, bytes: model.size }],
      created_at: new Date(model.createdAt),
      updated_at: new Date(model.updatedAt),
    };
  },
};

export function document(dataset: Dataset, collection: CollectionName, index: number): SeedDocument {
  return documentMakers[collection](dataset, index);
}
