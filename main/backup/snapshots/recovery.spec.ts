import { expect, test } from 'vitest';
import type { RestoreJournal, RestoreStep } from './journal.ts';
import { recovery } from './recovery.ts';

const volume = (key: string, had = true) => ({ key, name: `s_${key}`, nameThen: `s_${key}`, had });

function journal(step: RestoreStep, change: Partial<RestoreJournal> = {}): RestoreJournal {
  return {
    act: 'restore',
    step,
    of: 'snap',
    kept: 'old',
    stage: 'old-new',
    volumes: [volume('pg'), volume('redis')],
    services: ['postgres', 'redis'],
    ran: ['postgres'],
    there: ['postgres', 'redis'],
    draft: {} as RestoreJournal['draft'],
    ...change,
  };
}

/** Nothing was staged: the data are copied while the services are down. */
const copying = (step: RestoreStep) => journal(step, { stage: null });
const words = (actions: ReturnType<typeof recovery>) =>
  actions.map((action) => {
    if (action.do === 'put-back' || action.do === 'drop') return `${action.do} ${action.volumes.map(({ key }) => key).join(' ')}`.trim();
    if (action.do === 'discard') return `discard ${action.sets.join(' ')}`;
    return 'services' in action ? `${action.do} ${action.services.join(' ')}` : action.do;
  });
const asItWas = ['discard old-new old', 'start postgres', 'forget'];
const back = ['discard old-new', 'mark-undone', 'discard old', 'start postgres', 'forget'];
/** With nothing staged. */
const asItWasCopied = ['discard old', ...asItWas.slice(1)];
const backCopied = back.slice(1);

test('services that a killed snapshot left paused are let go', () => {
  const paused = { act: 'pause' as const, snapshot: 'snap', services: ['postgres', 'redis'] };
  expect(words(recovery(paused, []))).toEqual(['unpause postgres redis', 'forget']);
});

test('cut off while stopping, servers that were told to stop have stopped before any is started', () => {
  expect(words(recovery(journal('stopping'), []))).toEqual(['stop postgres redis', ...asItWas]);
});

test.each(['staging', 'undone'] as const)('cut off while %s, copies go and what ran is started', (step) => {
  expect(words(recovery(journal(step), []))).toEqual(asItWas);
  expect(words(recovery(copying(step), []))).toEqual(asItWasCopied);
});

test('cut off while old data were renamed away, those that were are renamed back', () => {
  expect(words(recovery(journal('keeping'), ['s_pg']))).toEqual(['stop postgres redis', 'put-back pg', ...back]);
});

test('cut off while old data were copied, the copies go: nothing live was touched', () => {
  expect(words(recovery(copying('keeping'), ['s_pg']))).toEqual(asItWasCopied);
});

test.each(['placing', 'checking'] as const)('cut off while %s, all old data are put back', (step) => {
  const first = ['stop postgres redis', 'put-back pg redis'];
  expect(words(recovery(journal(step), ['s_pg', 's_redis']))).toEqual([...first, ...back]);
  expect(words(recovery(copying(step), ['s_pg', 's_redis']))).toEqual([...first, ...backCopied]);
});

test('putting back by renaming may itself be cut off: what is back already stays', () => {
  expect(words(recovery(journal('checking'), ['s_redis']))).toEqual(['stop postgres redis', 'put-back redis', ...back]);
});

test('an old copy that somebody deleted is no reason to empty a volume', () => {
  expect(() => recovery(copying('placing'), ['s_pg'])).toThrow('The old data of redis are gone');
});

test('what was made for the restore goes with it', () => {
  const made = journal('checking', { volumes: [volume('pg'), volume('redis', false)], there: ['postgres'] });
  expect(words(recovery(made, ['s_pg']))).toEqual(['stop postgres redis', 'remove redis', 'put-back pg', 'drop redis', ...back]);
});

test('cut off when all was good, it is finished', () => {
  expect(words(recovery(journal('settling'), []))).toEqual(['settle', 'forget']);
});

test('a second stack that was cut off is cleared away as a whole', () => {
  expect(recovery({ act: 'beside', name: 'mine-x', of: 'x' }, [])).toEqual([{ do: 'remove-beside', name: 'mine-x' }, { do: 'forget' }]);
});
