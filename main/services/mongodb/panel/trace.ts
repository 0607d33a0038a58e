/** An id wherever a document of the stack's database carries it. */
import { Binary, ObjectId } from 'mongodb';
import { limits } from '../../../limits.ts';
import type { SessionFinding } from '../../kind.ts';
import { ejsonOf, ejsonOfElement, stringAt } from '../bson/ejson.ts';
import { type BsonElement, elementNamed, elements } from '../bson/reader.ts';
import type { Catalog } from './catalog.ts';
import type { Link } from './link.ts';
import { rawDocuments } from './raw.ts';

/** Collections that are looked through, and documents of each that tell which fields hold ids. */
const most = { collections: 100, looked: 20, fields: 40, content: 4_000 };

export async function traced(
  link: Link,
  catalog: Catalog,
  id: string,
  signal: AbortSignal,
): Promise<{ findings: SessionFinding[]; cut: boolean }> {
  const database = link.database;
  const all = await catalog.collections(database, signal);
  const looked = all.filter(({ type, name }) => type !== 'view' && !/^(system\.|noodlebox_)/.test(name)).slice(0, most.collections);
  const found = await Promise.all(looked.map(({ name }) => inCollection(link, database, name, id, signal)));
  const findings = found.flat();
  return { findings: findings.slice(0, limits.traceFindings), cut: findings.length > limits.traceFindings };
}

async function inCollection(link: Link, database: string, collection: string, id: string, signal: AbortSignal): Promise<SessionFinding[]> {
  const values = { $in: forms(id) };
  const fields = await idFields(link, database, collection, signal);
  const find = { find: collection, filter: { $or: fields.map((field) => ({ [field]: values })) }, limit: limits.traceFindings + 1 };
  const documents = await rawDocuments(link, database, { ...find, maxTimeMS: limits.traceTimeout }, signal);
  return documents.map((document) => finding(database, collection, id, document, fields));
}

/** As a text, an ObjectId, a UUID: however a store may have kept it. */
export function forms(id: string): unknown[] {
  const hex = id.replaceAll('-', '');
  return [
    id,
    ...(/^[0-9a-f]{24}$/i.test(id) ? [new ObjectId(id)] : []),
    ...(/^[0-9a-f]{32}$/i.test(hex) ? [new Binary(Buffer.from(hex, 'hex'), 4)] : []),
  ];
}

/** `_id`, and the fields of some documents that are named as ids are. Lists are met by the name of their field. */
export async function idFields(
  link: Link,
  database: string,
  collection: string,
  signal: AbortSignal,
  looked: number = most.looked,
): Promise<string[]> {
  const sample = await rawDocuments(link, database, { find: collection, filter: {}, limit: looked }, signal);
  const fields = new Set(['_id']);
  for (const document of sample) collect(document, 0, '', fields, 0);
  return [...fields].slice(0, most.fields);
}

function collect(bytes: Buffer, at: number, above: string, fields: Set<string>, depth: number): void {
  for (const element of elements(bytes, at)) {
    const path = above + element.name;
    const named = /(^|_)ids?$|[a-z]Ids?$/.test(element.name) && !element.name.startsWith('$');
    if (named && ['string', 'objectId', 'binData', 'array'].includes(element.type)) fields.add(path);
    if (element.type === 'object' && depth < 4) collect(bytes, element.from, `${path}.`, fields, depth + 1);
  }
}

function finding(database: string, collection: string, id: string, document: Buffer, fields: readonly string[]): SessionFinding {
  const own = elementNamed(document, '_id');
  const holding = fields.filter((field) => holds(document, field.split('.'), id));
  const idText = own ? ejsonOfElement(document, own) : 'null';
  return {
    what: 'document',
    place: collection,
    name: own?.type === 'string' ? stringAt(document, own.from) : idText,
    relation: holding[0] === '_id' ? 'its own id' : `as ${holding[0] ?? 'a field'}`,
    time: timeOf(document),
    content: ejsonOf(document.length > limits.documentWithheld ? Buffer.from([5, 0, 0, 0, 0]) : document, 'relaxed').slice(0, most.content),
    search: { db: database, coll: collection, filter: `{ _id: ${idText} }`, at: 0 },
  };
}

function holds(bytes: Buffer, [name, ...rest]: readonly string[], id: string, at = 0): boolean {
  for (const element of elements(bytes, at)) {
    if (element.name !== name) continue;
    if (rest.length > 0) return element.type === 'object' && holds(bytes, rest, id, element.from);
    if (element.type === 'array') return [...elements(bytes, element.from)].some((each) => same(bytes, each, id));
    return same(bytes, element, id);
  }
  return false;
}

function same(bytes: Buffer, element: BsonElement, id: string): boolean {
  if (element.type === 'string') return stringAt(bytes, element.from) === id;
  const hex =
    element.type === 'binData' ? bytes.toString('hex', element.from + 5, element.to) : bytes.toString('hex', element.from, element.to);
  return (element.type === 'objectId' || element.type === 'binData') && hex === id.replaceAll('-', '').toLowerCase();
}

/** When it was made, as far as it says. */
function timeOf(document: Buffer): number | null {
  for (const name of ['created_at', 'createdAt', 'timestamp', 'time', 'date', 'updated_at']) {
    const element = elementNamed(document, name);
    if (element?.type === 'date') return Number(document.readBigInt64LE(element.from));
  }
  const own = elementNamed(document, '_id');
  return own?.type === 'objectId' ? document.readUInt32BE(own.from) * 1_000 : null;
}
