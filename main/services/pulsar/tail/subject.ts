import { limits } from '../../../limits.ts';
import type { Subject } from '../filter/filter.ts';
import { decode, valueIn } from '../schemas/decode.ts';
import type { Version } from '../schemas/registry.ts';
import { bytesOf, type RawMessage, sizeOf, timeOf } from './raw.ts';

/** A message as a filter looks into it. Payloads beyond `limits.topicsFilterBytes` have no text and no value. */
export function subjectOf(raw: RawMessage, versions: readonly Version[]): Subject {
  const readable = sizeOf(raw) <= limits.topicsFilterBytes;
  const published = timeOf(raw.publishTime) ?? 0;
  let text: string | undefined;
  return {
    key: raw.key,
    properties: raw.properties ?? {},
    text() {
      if (text === undefined) {
        // Without a schema that decodes bytes, the payload's own text is what there is to look into.
        const decoded = !readable ? '' : versions.length === 0 ? bytesOf(raw).toString() : decode(bytesOf(raw), versions, published).text;
        text = `${decoded}\n${raw.key ?? ''}\n${Object.values(raw.properties ?? {}).join('\n')}`.toLowerCase();
      }
      return text;
    },
    value: () => (readable ? valueIn(bytesOf(raw), versions, published) : undefined),
  };
}
