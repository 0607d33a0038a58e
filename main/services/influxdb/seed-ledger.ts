/**
 * Seeding's ledger in InfluxDB: the properties of a label. They are kept with the server's metadata,
 * changed one call at a time and seen at once, which no point is.
 * https://docs.influxdata.com/influxdb/v2/api/v2/#tag/Labels
 */
import type { LedgerEntry, LoadMark } from '../seed-target.ts';
import type { InfluxClient } from './client.ts';

interface Label {
  readonly id: string;
  readonly name: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Bucket {
  readonly id: string;
  readonly orgID: string;
  readonly name: string;
}

const loadKey = 'load';
/** The bucket the ledger tells of: one made anew by hand holds nothing of what was loaded before. */
const bucketKey = 'bucket';

export interface SeedLedger {
  entries(): Promise<readonly LedgerEntry[]>;
  mark(): Promise<LoadMark | undefined>;
  keepEntry(entry: LedgerEntry): Promise<void>;
  keepMark(mark: LoadMark): Promise<void>;
  /** From now on it tells of this bucket. */
  moveTo(bucket: Bucket): Promise<void>;
}

export function openLedger(client: InfluxClient, first: Bucket): SeedLedger {
  const name = `noodlebox ledger of ${first.name}`;
  let bucket = first;
  let known: string | undefined;

  async function find(): Promise<Label | undefined> {
    const { labels } = await client.call<{ labels: readonly Label[] }>('GET', '/api/v2/labels', { query: { orgID: bucket.orgID } });
    return labels.find((label) => label.name === name);
  }

  async function read(): Promise<Readonly<Record<string, string>>> {
    const properties = (await find())?.properties ?? {};
    return properties[bucketKey] === bucket.id ? properties : {};
  }

  async function write(key: string, text: string): Promise<void> {
    known ??= await begin();
    await client.call('PATCH', `/api/v2/labels/${known}`, { body: { properties: { [key]: text } } });
  }

  /** The label's id, after a label of an earlier bucket has made way. */
  async function begin(): Promise<string> {
    const label = await find();
    if (label?.properties?.[bucketKey] === bucket.id) return label.id;
    if (label) await client.call('DELETE', `/api/v2/labels/${label.id}`);
    const body = { orgID: bucket.orgID, name, properties: { [bucketKey]: bucket.id } };
    return (await client.call<{ label: Label }>('POST', '/api/v2/labels', { body })).label.id;
  }

  return {
    async entries() {
      const rows = Object.entries(await read()).filter(([key]) => key !== loadKey && key !== bucketKey);
      return rows.map(([, text]) => JSON.parse(text) as LedgerEntry).sort((a, b) => a.id.localeCompare(b.id));
    },
    async mark() {
      const text = (await read())[loadKey];
      return text === undefined ? undefined : (JSON.parse(text) as LoadMark);
    },
    keepEntry: (entry) => write(entry.id, JSON.stringify(entry)),
    keepMark: (mark) => write(loadKey, JSON.stringify(mark)),
    async moveTo(next) {
      await write(bucketKey, next.id);
      bucket = next;
    },
  };
}
