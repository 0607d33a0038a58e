import { describe, expect, it } from 'vitest';
import type { WholeMessage } from '../../../../preload/contract/index.ts';
import { draftOf, emptyDraft, outgoing, readPublished, readTemplate, writeTemplate } from './draft.ts';

describe('a message that is being written', () => {
  it('becomes one to publish, or says what is wrong', () => {
    expect(
      outgoing({
        ...emptyDraft,
        payload: 'x',
        properties: [
          ['a', '1'],
          ['', ''],
        ],
        eventTime: '2026-01-01T00:00:00Z',
      }),
    ).toEqual({
      payload: 'x',
      encoding: 'text',
      key: null,
      properties: { a: '1' },
      eventTime: Date.parse('2026-01-01T00:00:00Z'),
    });
    expect(outgoing({ ...emptyDraft, eventTime: 'soon' })).toContain('no time');
    expect(outgoing({ ...emptyDraft, properties: [['', 'x']] })).toContain('no name');
    expect(
      outgoing({
        ...emptyDraft,
        properties: [
          ['a', '1'],
          ['a', '2'],
        ],
      }),
    ).toContain('same name');
  });

  it('is made of a message that came, bytes as base64', () => {
    const came = { text: '{}', base64: 'e30=', form: 'json', key: 'k', properties: { a: 'b' }, eventTime: 0 } as unknown as WholeMessage;
    expect(draftOf(came)).toMatchObject({
      payload: '{}',
      encoding: 'text',
      key: 'k',
      properties: [['a', 'b']],
      eventTime: '1970-01-01T00:00:00.000Z',
    });
    expect(draftOf({ ...came, form: 'binary' })).toMatchObject({ payload: 'e30=', encoding: 'base64' });
  });

  it('is read from templates and history, whatever they hold', () => {
    expect(readTemplate(writeTemplate({ ...emptyDraft, payload: 'x' }, 't'))).toEqual({
      draft: { ...emptyDraft, payload: 'x' },
      topic: 't',
    });
    expect(readTemplate('nonsense')).toEqual({ draft: emptyDraft, topic: undefined });
    const message = { payload: 'x', encoding: 'text', key: null, properties: {}, eventTime: null };
    expect(readPublished(JSON.stringify({ topic: 't', message }))).toEqual({ topic: 't', draft: { ...emptyDraft, payload: 'x' } });
    expect(readPublished('nonsense')).toBeUndefined();
  });
});
