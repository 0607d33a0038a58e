/** The points of the three metric families, made from the same entities as the rows. */
import { type Dataset, jobMetrics, type Sizes } from '../generator/dataset.ts';

export const measurements = ['compilation_metrics', 'ai_metrics', 'network_metrics'] as const;
export type Measurement = (typeof measurements)[number];

export interface SeedPoint {
  /** Id of the job, model or node. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly time: Date;
}

const modelMetrics = ['inference_latency_ms', 'throughput_rps', 'accuracy', 'gpu_memory_mb'] as const;
const nodeMetrics = ['latency_ms', 'packet_loss_percent'] as const;
/** A node is measured every five minutes of the last day. */
const ticks = 288;
const tick = 300_000;

export function pointCounts(sizes: Sizes): Readonly<Record<Measurement, number>> {
  return {
    compilation_metrics: sizes.metrics,
    ai_metrics: sizes.models * modelMetrics.length,
    network_metrics: sizes.nodes * nodeMetrics.length * ticks,
  };
}

const pointMakers: Readonly<Record<Measurement, (dataset: Dataset, index: number) => SeedPoint>> = {
  compilation_metrics(dataset, index) {
    const job = dataset.job(Math.floor(index / jobMetrics.length));
    const metric = dataset.metric(index, job);
    return { id: job.id, name: metric.name, value: metric.value, time: new Date(metric.createdAt) };
  },
  ai_metrics(dataset, index) {
    const model = dataset.model(Math.floor(index / modelMetrics.length));
    const at = index % modelMetrics.length;
    const draw = dataset.sample(index);
    const value = [draw.skewed(12), draw.skewed(240), model.accuracy, (model.parameters * 4) / (1024 * 1024)][at]!;
    return { id: model.id, name: modelMetrics[at]!, value: rounded(value), time: new Date(model.updatedAt) };
  },
  network_metrics(dataset, index) {
    const perNode = nodeMetrics.length * ticks;
    const within = index % perNode;
    const at = Math.floor(within / ticks);
    const draw = dataset.sample(index);
    const value = at === 0 ? draw.skewed(8) : draw.chance(0.9) ? 0 : draw.share() * 2;
    const time = new Date(dataset.recipe.anchor - (ticks - 1 - (within % ticks)) * tick);
    return { id: dataset.nodeId(Math.floor(index / perNode)), name: nodeMetrics[at]!, value: rounded(value), time };
  },
};

export function point(dataset: Dataset, measurement: Measurement, index: number): SeedPoint {
  return pointMakers[measurement](dataset, index);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
