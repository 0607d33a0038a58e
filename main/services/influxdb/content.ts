/** Points of all buckets that are people's own. */
import { limits } from '../../limits.ts';
import { type ContentItem, type StoreContent, shownText } from '../content.ts';
import type { Connection } from '../kind.ts';
import { listBuckets } from './catalog/buckets.ts';
import { always, flux, source } from './flux.ts';
import { type InfluxHttp, influxHttp, type Row } from './query.ts';

/** What queries add to a row. */
const added = new Set(['result', 'table', '_start', '_stop', '_time', '_value', '_field', '_measurement']);

/** @throws NoodleError wrong-password, service-unreachable */
export async function openContent(connection: Connection): Promise<StoreContent> {
  const http = influxHttp(connection);
  return {
    item: 'point',
    notes: [
      'A point is one field of one series at one time. Tasks, dashboards, users and tokens are not compared, nor what Noodlebox keeps of the servers itself.',
    ],
    async parts(signal) {
      const buckets = (await listBuckets(http, signal)).filter(({ system, name }) => !system && name !== 'noodlebox_monitor');
      return Promise.all(buckets.map(async ({ name }) => ({ name, items: await countOf(http, name, signal), digest: null })));
    },
    async *items(bucket, signal) {
      let batch: ContentItem[] = [];
      for await (const row of http.rows(source(bucket, always), { signal })) {
        batch.push(itemOf(row));
        if (batch.length < limits.fetchSize) continue;
        yield batch;
        batch = [];
      }
      yield batch;
    },
    close: async () => {},
  };
}

async function countOf(http: InfluxHttp, bucket: string, signal: AbortSignal): Promise<number> {
  const query = flux`${source(bucket, always)} |> count() |> group() |> sum()`;
  const [row] = await http.collect<{ _value?: number }>(query, 1, signal);
  return row?._value ?? 0;
}

function itemOf({ values, tableMeta }: Row): ContentItem {
  const cell = (label: string) => {
    const column = tableMeta.columns.find((each) => each.label === label);
    return column ? (values[column.index] ?? '') : '';
  };
  const value = tableMeta.columns.find(({ label }) => label === '_value');
  const tags = tableMeta.columns
    .filter(({ label }) => !added.has(label) && label !== '')
    .map(({ label, index }) => `,${label}=${values[index] ?? ''}`)
    .sort()
    .join('');
  const raw = value ? (values[value.index] ?? '') : '';
  return {
    key: `${cell('_measurement')}${tags} ${cell('_field')} ${cell('_time')}`,
    digest: `${value?.dataType} ${raw}`,
    text: shownText(raw, limits.diffText),
  };
}
