/** Fields, their types and values, from documents one after another. What it keeps does not grow with what it reads. */
import type { SchemaField } from '../../../../preload/contract/documents.ts';
import { limits } from '../../../limits.ts';
import { ejsonOfElement, stringAt } from '../bson/ejson.ts';
import { type BsonElement, elements } from '../bson/reader.ts';
import { type SeenValue, TypeStats } from './field.ts';

interface Field {
  readonly path: string;
  readonly depth: number;
  count: number;
  readonly types: Map<string, TypeStats>;
  readonly children: Map<string, Field>;
}

export class SchemaAnalyser {
  read = 0;
  cut = false;
  #fields = 0;
  readonly #root: Field = { path: '', depth: -1, count: 0, types: new Map(), children: new Map() };

  add(document: Buffer): void {
    this.read++;
    this.#root.count++;
    this.#object(document, 0, this.#root);
  }

  /** In the order in which fields were first met, each followed by those inside it. */
  fields(): SchemaField[] {
    const told: SchemaField[] = [];
    const tell = (field: Field, of: number) => {
      const types = [...field.types].map(([type, stats]) => stats.told(type)).sort((a, b) => b.count - a.count);
      told.push({ path: field.path, depth: field.depth, count: field.count, of, types });
      const parents = field.types.get('object')?.count ?? 0;
      for (const child of field.children.values()) tell(child, child.path.endsWith('[]') ? child.count : Math.max(parents, child.count));
    };
    for (const field of this.#root.children.values()) tell(field, this.read);
    return told;
  }

  #object(bytes: Buffer, at: number, parent: Field): void {
    for (const element of elements(bytes, at)) {
      const path = parent.path === '' ? element.name : `${parent.path}.${element.name}`;
      const field = this.#field(parent, element.name, path, parent.depth + 1);
      if (field) this.#value(bytes, element, field);
    }
  }

  #value(bytes: Buffer, element: BsonElement, field: Field): void {
    field.count++;
    let stats = field.types.get(element.type);
    if (stats === undefined) {
      stats = new TypeStats();
      field.types.set(element.type, stats);
    }
    if (field.depth >= limits.documentSchemaDepth) {
      stats.count++;
      this.cut = true;
    } else if (element.type === 'object') {
      stats.count++;
      this.#object(bytes, element.from, field);
    } else if (element.type === 'array') {
      this.#array(bytes, element, field, stats);
    } else {
      stats.see(seen(bytes, element));
    }
  }

  /** Of an array its length is told, and its elements as one field. */
  #array(bytes: Buffer, element: BsonElement, field: Field, stats: TypeStats): void {
    let length = 0;
    for (const each of elements(bytes, element.from)) {
      length++;
      const inside = this.#field(field, '[]', `${field.path}[]`, field.depth + 1);
      if (inside) this.#value(bytes, each, inside);
    }
    stats.see({ type: 'array', text: `${length}`, order: length });
  }

  #field(parent: Field, name: string, path: string, depth: number): Field | undefined {
    const known = parent.children.get(name);
    if (known) return known;
    if (this.#fields >= limits.documentSchemaFields) {
      this.cut = true;
      return undefined;
    }
    this.#fields++;
    const field = { path, depth, count: 0, types: new Map(), children: new Map() };
    parent.children.set(name, field);
    return field;
  }
}

/** Long values are told by their beginning. */
const longest = 200;

function seen(bytes: Buffer, element: BsonElement): SeenValue {
  const { type, from, to } = element;
  switch (type) {
    case 'string':
      return {
        type,
        text: to - from > longest * 4 ? bytes.toString('utf8', from + 4, from + 4 + longest) : stringAt(bytes, from),
        order: null,
      };
    case 'int':
      return number(type, bytes.readInt32LE(from));
    case 'double':
      return number(type, bytes.readDoubleLE(from));
    case 'long': {
      const value = bytes.readBigInt64LE(from);
      return { type, text: String(value), order: Number(value) };
    }
    case 'date': {
      const ms = Number(bytes.readBigInt64LE(from));
      const date = new Date(ms);
      return { type, text: Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString(), order: ms };
    }
    case 'objectId':
      return { type, text: bytes.toString('hex', from, to), order: null };
    case 'bool':
      return { type, text: bytes[from] === 0 ? 'false' : 'true', order: null };
    case 'null':
    case 'undefined':
    case 'minKey':
    case 'maxKey':
      return { type, text: type, order: null };
    case 'binData':
      return { type, text: `${to - from - 5} bytes`, order: null };
    case 'decimal': {
      const text = unwrapped(ejsonOfElement(bytes, element));
      return { type, text, order: Number(text) };
    }
    default:
      return { type, text: to - from > longest * 4 ? `${to - from} bytes` : ejsonOfElement(bytes, element, 'relaxed'), order: null };
  }
}

function number(type: string, value: number): SeenValue {
  return { type, text: String(value), order: value };
}

function unwrapped(ejson: string): string {
  return Object.values(JSON.parse(ejson) as Record<string, string>)[0] ?? '';
}
