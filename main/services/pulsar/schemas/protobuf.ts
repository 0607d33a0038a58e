/** Protobuf by the descriptors that Pulsar's registry keeps (schema type PROTOBUF_NATIVE). */
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor.js';
import { type Codec, misfit } from './codec.ts';
import { parseExact, placeOf } from './exact-json.ts';

interface NativeData {
  readonly fileDescriptorSet: string;
  readonly rootMessageTypeName: string;
}

/** @throws for a definition that cannot be understood */
export function protobufCodec(data: string): Codec & { readonly definition: string } {
  const { fileDescriptorSet, rootMessageTypeName } = JSON.parse(data) as NativeData;
  const root = protobuf.Root.fromDescriptor(Buffer.from(fileDescriptorSet, 'base64'), { keepCase: true });
  const type = root.lookupType(rootMessageTypeName);
  root.resolveAll();
  return {
    label: 'Protobuf',
    textual: false,
    definition: describe(type),
    decode(bytes) {
      const message = type.decode(bytes);
      return exactObject(type, message as unknown as Record<string, unknown>);
    },
    encode(text) {
      let value: unknown;
      try {
        value = parseExact(text);
      } catch (error) {
        const { message } = error as Error;
        throw misfit('The payload is no JSON.', message, placeOf(message, text));
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw misfit('The payload does not fit the schema of the topic.', `A ${type.name} is wanted, written as a JSON object.`);
      }
      const unknown = strangerIn(type, value as Record<string, unknown>, '');
      if (unknown) throw misfit('The payload does not fit the schema of the topic.', unknown);
      const written = longsAsText(value) as Record<string, unknown>;
      try {
        return Buffer.from(type.encode(type.fromObject(written)).finish());
      } catch (error) {
        throw misfit('The payload does not fit the schema of the topic.', (error as Error).message);
      }
    },
  };
}

/** int64 exact, enums by name, bytes as bytes; fields that the message does not carry are left out. */
function exactObject(type: protobuf.Type, message: Record<string, unknown>): unknown {
  const object = type.toObject(message as unknown as protobuf.Message, { longs: String, enums: String });
  return withExactLongs(type, object);
}

const longs = new Set(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);

function withExactLongs(type: protobuf.Type, object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const field = type.fields[name];
      if (!field) return [name, value];
      const one = (item: unknown): unknown => {
        if (longs.has(field.type)) return exactNumber(String(item));
        const inner = field.resolve().resolvedType;
        return inner instanceof protobuf.Type ? withExactLongs(inner, item as Record<string, unknown>) : item;
      };
      if (field instanceof protobuf.MapField) {
        return [name, Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, one(item)]))];
      }
      return [name, field.repeated ? (value as unknown[]).map(one) : one(value)];
    }),
  );
}

function exactNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** protobufjs takes big integers as text. */
function longsAsText(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(longsAsText);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, longsAsText(inner)]));
  }
  return value;
}

/** A field that the message has not, or a value its kind cannot hold: protobufjs would drop or bend it without a word. */
function strangerIn(type: protobuf.Type, value: Record<string, unknown>, path: string): string | undefined {
  for (const [name, item] of Object.entries(value)) {
    const field = type.fields[name];
    const at = path === '' ? name : `${path}.${name}`;
    if (!field) return `${type.name} has no field ${at}.`;
    if (item === null) continue;
    const inner = field.resolve().resolvedType;
    for (const each of field.repeated && Array.isArray(item) ? item : [item]) {
      if (field instanceof protobuf.MapField) continue;
      if (inner instanceof protobuf.Type) {
        if (typeof each !== 'object' || each === null) return `${at} must be an object.`;
        const wrong = strangerIn(inner, each as Record<string, unknown>, at);
        if (wrong) return wrong;
      } else if (!(inner instanceof protobuf.Enum) && !fits(field.type, each)) return `${at} must be ${field.type}.`;
    }
  }
  return undefined;
}

function fits(type: string, value: unknown): boolean {
  if (type === 'string' || type === 'bytes') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'double' || type === 'float') return typeof value === 'number' || typeof value === 'bigint';
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** The message as a .proto file would declare it, with those it is made of. */
function describe(type: protobuf.Type): string {
  const seen = new Set<protobuf.ReflectionObject>();
  const blocks: string[] = [];
  const visit = (object: protobuf.Type | protobuf.Enum) => {
    if (seen.has(object)) return;
    seen.add(object);
    if (object instanceof protobuf.Enum) {
      blocks.push(
        `enum ${object.name} {\n${Object.entries(object.values)
          .map(([name, number]) => `  ${name} = ${number};`)
          .join('\n')}\n}`,
      );
      return;
    }
    const inner: (protobuf.Type | protobuf.Enum)[] = [];
    const lines = object.fieldsArray.map((field) => {
      const { resolvedType } = field.resolve();
      if (resolvedType) inner.push(resolvedType);
      const name = resolvedType?.name ?? field.type;
      const kind = field instanceof protobuf.MapField ? `map<${field.keyType}, ${name}>` : `${field.repeated ? 'repeated ' : ''}${name}`;
      return `  ${kind} ${field.name} = ${field.id};`;
    });
    blocks.push(`message ${object.name} {\n${lines.join('\n')}\n}`);
    for (const each of inner) visit(each);
  };
  visit(type);
  return blocks.join('\n\n');
}
