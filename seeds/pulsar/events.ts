/** The events, made from the same entities as the rows. Of each topic, oldest first. */
import type { Dataset, Sizes } from '../generator/dataset.ts';

export const topics = ['compilation-events', 'ai-events', 'network-events'] as const;
export type TopicName = (typeof topics)[number];

export interface SeedEvent {
  /** Id of the job, model or node. */
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly time: Date;
}

const eventsOfNode = 10;
const nodeEvents = ['node.joined', 'link.degraded', 'link.restored', 'traffic.rerouted', 'node.heartbeat'] as const;
const day = 86_400_000;

export function eventCounts(sizes: Sizes): Readonly<Record<TopicName, number>> {
  return { 'compilation-events': sizes.jobs, 'ai-events': sizes.models, 'network-events': sizes.nodes * eventsOfNode };
}

const eventMakers: Readonly<Record<TopicName, (dataset: Dataset, index: number) => SeedEvent>> = {
  'compilation-events'(dataset, index) {
    const job = dataset.job(index);
    const data = {
      project_id: dataset.projectId(job.project),
      user_id: dataset.userId(job.user),
      status: job.status,
      optimization_level: job.optimizationLevel,
      execution_time: job.executionTime,
      memory_usage: job.memoryUsage,
      ...(job.error === null ? {} : { error: job.error }),
    };
    return { id: job.id, type: `compilation.${job.status}`, data, time: new Date(job.updatedAt) };
  },
  'ai-events'(dataset, index) {
    const model = dataset.model(index);
    const data = { project_id: dataset.projectId(model.project), name: model.name, model_type: model.type, accuracy: model.accuracy };
    return {
      id: model.id,
      type: model.status === 'training' ? 'model.training' : 'model.registered',
      data,
      time: new Date(model.updatedAt),
    };
  },
  'network-events'(dataset, index) {
    const { nodes } = dataset.sizes;
    const node = dataset.node(index % nodes);
    const draw = dataset.sample(index);
    const data = { node: node.name, region: node.region, latency_ms: Math.round(draw.skewed(8) * 100) / 100 };
    const time = new Date(dataset.recipe.anchor - Math.floor(day * (1 - (index + draw.share()) / (nodes * eventsOfNode))));
    return { id: node.id, type: draw.pick(nodeEvents), data, time };
  },
};

export function event(dataset: Dataset, topic: TopicName, index: number): SeedEvent {
  return eventMakers[topic](dataset, index);
}
