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

const renaming = (...kept: string[]) => ({ movesAtOnce: true, kept });
const copying = (...kept: string[]) => ({ movesAtOnce: false, kept });
const words = (actions: ReturnType<typeof recovery>) =>
  actions.map((action) => {
    if (action.do === 'put-back' || action.do === 'drop') return `${action.do} ${action.volumes.map(({ key }) => key).join(' ')}`.trim();
    if (action.do === 'discard') return `discard ${action.sets.join(' ')}`;
    return 'services' in action ? `${action.do} ${action.services.join(' ')}` : action.do;
  });
const asItWas = ['discard old-new old', 'start postgres', 'forget'];
const back = ['discard old-new', 'mark-undone', 'discard old', 'start postgres', 'forget'];

test('services that a killed snapshot left paused are let go', () => {
  const paused = { act: 'pause' as const, snapshot: 'snap', services: ['postgres', 'redis'] };
  expect(words(recovery(paused, renaming()))).toEqual(['unpause postgres redis', 'forget']);
});

test('cut off while stopping, servers that were told to stop have stopped before any is started', () => {
  expect(words(recovery(journal('stopping'), renaming()))).toEqual(['stop postgres redis', ...asItWas]);
});

test.each(['staging', 'undone'] as const)('cut off while %s, copies go and what ran is started', (step) => {
  expect(words(recovery(journal(step), renaming('s_pg')))).toEqual(asItWas);
  expect(words(recovery(journal(step), copying()))).toEqual(asItWas);
});

test('cut off while old data were renamed away, those that were are renamed back', () => {
  expect(words(recovery(journal('keeping'), renaming('s_pg')))).toEqual(['stop postgres redis', 'put-back pg', ...back]);
});

test('cut off while old data were copied, the copies go: nothing live was touched', () => {
  expect(words(recovery(journal('keeping'), copying('s_pg')))).toEqual(asItWas);
});

test.each(['placing', 'checking'] as const)('cut off while %s, all old data are put back', (step) => {
  const expected = ['stop postgres redis', 'put-back pg redis', ...back];
  expect(words(recovery(journal(step), renaming('s_pg', 's_redis')))).toEqual(expected);
  expect(words(recovery(journal(step), copying('s_pg', 's_redis')))).toEqual(expected);
});

test('putting back by renaming may itself be cut off: what is back already stays', () => {
  expect(words(recovery(journal('checking'), renaming('s_redis')))).toEqual(['stop postgres redis', 'put-back redis', ...back]);
});

test('an old copy that somebody deleted is no reason to empty a volume', () => {
  expect(() => recovery(journal('placing'), copying('s_pg'))).toThrow('The old data of redis are gone');
});

test('what was made for the restore goes with it', () => {
  const made = journal('checking', { volumes: [volume('pg'), volume('redis', false)], there: ['postgres'] });
  expect(words(recovery(made, renaming('s_pg')))).toEqual(['stop postgres redis', 'remove redis', 'put-back pg', 'drop redis', ...back]);
});

test('cut off when all was good, it is finished', () => {
  expect(words(recovery(journal('settling'), renaming('s_pg', 's_redis')))).toEqual(['settle', 'forget']);
});

test('a second stack that was cut off is cleared away as a whole', () => {
  expect(recovery({ act: 'beside', name: 'mine-x', of: 'x' }, { movesAtOnce: true, kept: [] })).toEqual([
    { do: 'remove-beside', name: 'mine-x' },
    { do: 'forget' },
  ]);
});
