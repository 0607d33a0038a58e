import type { OutgoingMessage, WholeMessage } from '../../../../preload/contract/index.ts';
import type { Place } from '../use-catalog.ts';

/** A message while it is being written. */
export interface Draft {
  payload: string;
  encoding: 'text' | 'base64';
  key: string;
  properties: [name: string, value: string][];
  /** ISO 8601, or empty for none. */
  eventTime: string;
  /** How often it is published. */
  repeat: number;
  /** Messages a second; 0: as fast as it goes. */
  perSecond: number;
}

export const emptyDraft: Draft = { payload: '', encoding: 'text', key: '', properties: [], eventTime: '', repeat: 1, perSecond: 0 };

/** A message that came, to be published again. */
export function draftOf({ text, base64, form, key, properties, eventTime }: WholeMessage): Draft {
  return {
    ...emptyDraft,
    ...(form === 'binary' ? { payload: base64, encoding: 'base64' as const } : { payload: text }),
    key: key ?? '',
    properties: Object.entries(properties),
    eventTime: eventTime === null ? '' : new Date(eventTime).toISOString(),
  };
}

/** @returns what is wrong, in words, instead of a message */
export function outgoing(draft: Draft): OutgoingMessage | string {
  const eventTime = draft.eventTime.trim() === '' ? null : Date.parse(draft.eventTime);
  if (eventTime !== null && !(eventTime >= 0)) return 'The event time is no time: write 2026-01-31T12:00:00Z.';
  const named = draft.properties.filter(([name, value]) => name !== '' || value !== '');
  if (named.some(([name]) => name === '')) return 'A property has a value and no name.';
  if (new Set(named.map(([name]) => name)).size < named.length) return 'Two properties have the same name.';
  return {
    payload: draft.payload,
    encoding: draft.encoding,
    key: draft.key === '' ? null : draft.key,
    properties: Object.fromEntries(named),
    eventTime,
  };
}

/** As a template keeps it: the draft, and the topic it was written for. */
export function writeTemplate(draft: Draft, topic: string): string {
  return JSON.stringify({ ...draft, topic });
}

/** Of a template that cannot be read nothing. */
export function readTemplate(body: string): { draft: Draft; topic: string | undefined } {
  try {
    const { topic, ...read } = JSON.parse(body) as Partial<Draft> & { topic?: unknown };
    const draft = { ...emptyDraft, ...read, properties: Array.isArray(read.properties) ? read.properties : [] };
    return { draft, topic: typeof topic === 'string' ? topic : undefined };
  } catch {
    return { draft: emptyDraft, topic: undefined };
  }
}

/** What history keeps of a message that was published. @returns undefined for one of another form */
export function readPublished(text: string): { topic: string; draft: Draft } | undefined {
  try {
    const { topic, message } = JSON.parse(text) as { topic: string; message: OutgoingMessage };
    const properties = Object.entries(message.properties);
    const eventTime = message.eventTime === null ? '' : new Date(message.eventTime).toISOString();
    return {
      topic,
      draft: { ...emptyDraft, payload: message.payload, encoding: message.encoding, key: message.key ?? '', properties, eventTime },
    };
  } catch {
    return undefined;
  }
}

/** Drafts of this window, a topic each: changing tabs loses nothing. */
const drafts = new Map<string, Draft>();

export function keepDraft({ stack, service }: Place, topic: string, draft: Draft): void {
  drafts.set(`${stack}/${service}/${topic}`, draft);
}

export function keptDraft({ stack, service }: Place, topic: string): Draft {
  return drafts.get(`${stack}/${service}/${topic}`) ?? emptyDraft;
}
