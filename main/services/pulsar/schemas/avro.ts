/** Avro, and JSON that is described by an Avro definition (Pulsar's schema type JSON). */
import avro, { type Schema, type Type } from 'avsc';
import { type Codec, misfit } from './codec.ts';
import { exactJson, parseExact, placeOf } from './exact-json.ts';

/** int64 as number where it is exact and bigint where it is not. */
const longType = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => narrow(bytes.readBigInt64LE()),
  toBuffer(value: number | bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: (value: number | bigint) => value,
  toJSON: (value: number | bigint) => value,
  isValid: (value: unknown) =>
    (typeof value === 'number' && Number.isSafeInteger(value)) || (typeof value === 'bigint' && BigInt.asIntN(64, value) === value),
  compare: (a: number | bigint, b: number | bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function avroCodec(definition: string): Codec {
  const type = typeOf(definition);
  return {
    label: 'Avro',
    textual: false,
    decode: (bytes) => type.fromBuffer(bytes),
    encode(text) {
      const value = fitted(type, text);
      return type.toBuffer(value);
    },
  };
}

export function jsonCodec(definition: string): Codec {
  const type = definition.trim() === '' ? undefined : typeOf(definition);
  return {
    label: 'JSON',
    textual: true,
    decode: (bytes) => JSON.parse(bytes.toString()),
    encode(text) {
      if (type) fitted(type, text);
      else parsed(text);
      return Buffer.from(text);
    },
  };
}

function typeOf(definition: string): Type {
  const hook = (schema: Schema) => {
    const name = typeof schema === 'string' ? schema : (schema as { type?: unknown }).type;
    return name === 'long' ? longType : undefined;
  };
  return avro.Type.forSchema(JSON.parse(definition) as Schema, { wrapUnions: 'never', typeHook: hook as never, noAnonymousTypes: false });
}

function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch (error) {
    const { message } = error as Error;
    throw misfit('The payload is no JSON.', message, placeOf(message, text));
  }
}

/** The value that a person wrote as JSON, in the shape the type wants: bytes as Buffers, absent nullable fields as null. */
function fitted(type: Type, text: string): unknown {
  const value = filled(type, parsed(text));
  let wrong: string | undefined;
  const errorHook = (path: string[], found: unknown, wanted: Type) => {
    wrong ??= `${path.length > 0 ? path.join('.') : 'The whole'} is ${found === undefined ? 'missing' : exactJson(found).slice(0, 80)}; ${wanted.typeName} is wanted.`;
  };
  if (type.isValid(value, { errorHook, noUndeclaredFields: false })) return value;
  throw misfit('The payload does not fit the schema of the topic.', wrong ?? `It is no ${type.typeName}.`);
}

function filled(type: Type, value: unknown): unknown {
  if (type.typeName.startsWith('union')) {
    const { types } = type as unknown as { readonly types: readonly Type[] };
    if (value === undefined && types.some(({ typeName }) => typeName === 'null')) return null;
    for (const branch of types) {
      const tried = filled(branch, value);
      if (branch.isValid(tried)) return tried;
    }
    return value;
  }
  switch (type.typeName) {
    case 'record': {
      if (typeof value !== 'object' || value === null) return value;
      const { fields } = type as unknown as { readonly fields: readonly { name: string; type: Type; defaultValue(): unknown }[] };
      const record = value as Record<string, unknown>;
      return Object.fromEntries(
        fields.map((field) => [
          field.name,
          filled(field.type, Object.hasOwn(record, field.name) ? record[field.name] : field.defaultValue()),
        ]),
      );
    }
    case 'array':
      return Array.isArray(value) ? value.map((item) => filled((type as unknown as { itemsType: Type }).itemsType, item)) : value;
    case 'map':
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, filled((type as unknown as { valuesType: Type }).valuesType, item)]),
      );
    case 'bytes':
    case 'fixed':
      return typeof value === 'string' ? Buffer.from(value, 'base64') : value;
    default:
      return value;
  }
}
