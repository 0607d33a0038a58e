/** A topic's schemas, as its registry has them, ready to decode and encode by. */
import type { SchemaVersion } from '../../../../preload/contract/topics.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Broker, encodedOnce } from '../broker.ts';
import { type Topic, topicUrl } from '../topic.ts';
import type { Codec, RegisteredSchema } from './codec.ts';
import { primitiveCodec } from './primitive.ts';

export interface Version {
  readonly schema: RegisteredSchema;
  /** Undefined for a type we have no codec for, and for a definition that cannot be understood. */
  readonly codec: Codec | undefined;
  readonly lack: string | null;
  /** The definition, readable. */
  readonly text: string;
}

export interface Registry {
  /** Oldest first; empty for a topic without schemas. */
  versions(topic: Topic, signal?: AbortSignal): Promise<readonly Version[]>;
}

export function openRegistry(broker: Broker): Registry {
  const kept = new Map<string, { readonly at: number; readonly versions: Promise<readonly Version[]> }>();
  return {
    versions(topic, signal) {
      const name = topicUrl(topic);
      const now = Date.now();
      const known = kept.get(name);
      if (known && now - known.at < limits.topicsSchemasKept) return known.versions;
      const versions = fetchVersions(broker, topic, signal);
      kept.set(name, { at: now, versions });
      if (kept.size > 1_000) kept.delete(kept.keys().next().value!);
      versions.catch(() => kept.delete(name));
      return versions;
    },
  };
}

async function fetchVersions(broker: Broker, { tenant, namespace, name }: Topic, signal?: AbortSignal): Promise<readonly Version[]> {
  try {
    const path = ['schemas', tenant, namespace, encodedOnce(name), 'schemas'];
    const { getSchemaResponses } = await broker.get<{ getSchemaResponses: RegisteredSchema[] }>(path, undefined, signal);
    const versions = await Promise.all(getSchemaResponses.map(understood));
    return versions.sort((a, b) => a.schema.version - b.schema.version);
  } catch (error) {
    if (error instanceof NoodleError && error.code === 'not-found') return [];
    throw error;
  }
}

async function understood(schema: RegisteredSchema): Promise<Version> {
  try {
    const { codec, text } = await codecOf(schema);
    return { schema, codec, text, lack: codec ? null : `Messages of the type ${schema.type} are shown as bytes.` };
  } catch (error) {
    return { schema, codec: undefined, text: schema.data, lack: `Its definition cannot be understood: ${(error as Error).message}` };
  }
}

/** Codecs are loaded when a topic wants them: most have no schema. */
async function codecOf({ type, data }: RegisteredSchema): Promise<{ readonly codec: Codec | undefined; readonly text: string }> {
  const pretty = () => (data.trim() === '' ? '' : JSON.stringify(JSON.parse(data), undefined, 2));
  switch (type) {
    case 'AVRO':
      return { codec: (await import('./avro.ts')).avroCodec(data), text: pretty() };
    case 'JSON':
      return { codec: (await import('./avro.ts')).jsonCodec(data), text: pretty() };
    case 'PROTOBUF_NATIVE': {
      const codec = (await import('./protobuf.ts')).protobufCodec(data);
      return { codec, text: codec.definition };
    }
    default:
      return { codec: primitiveCodec(type), text: data };
  }
}

export function told(versions: readonly Version[]): SchemaVersion[] {
  return versions
    .map(({ schema, lack, text }) => ({
      version: schema.version,
      type: schema.type,
      at: schema.timestamp,
      text: text.slice(0, 512 * 1024),
      properties: { ...schema.properties },
      lack,
    }))
    .reverse();
}
