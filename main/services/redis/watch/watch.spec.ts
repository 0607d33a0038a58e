import { expect, it } from 'vitest';
import { widened } from './notify-setting.ts';
import { Ring } from './ring.ts';
import { sampleOf } from './samples.ts';
import { parseClients } from './server-log.ts';

it('adds to the setting what is needed, and turns nothing off', () => {
  expect(widened('')).toBe('KA');
  expect(widened('Ex')).toBe('ExKA');
  expect(widened('AKE')).toBe('AKE');
});

it('keeps the newest and counts what it let go', () => {
  const ring = new Ring<number>(3);
  for (let at = 0; at < 10; at++) ring.push(at);
  expect(ring.take()).toEqual([7, 8, 9]);
  expect(ring.dropped).toBe(7);
  expect(ring.isEmpty).toBe(true);
});

it('reckons rates between two samples, and none over a restart', () => {
  const info = { run_id: 'a', keyspace_hits: '10', keyspace_misses: '10', total_commands_processed: '100', db0: 'keys=7,expires=1' };
  const later = { ...info, keyspace_hits: '40', total_commands_processed: '300' };
  expect(sampleOf({ time: 3000, info: later }, { time: 1000, info })).toMatchObject({ hitRate: 1, commands: 100, keys: 7, evicted: 0 });
  expect(sampleOf({ time: 3000, info: { ...later, run_id: 'b' } }, { time: 1000, info })).toMatchObject({ hitRate: null, commands: null });
});

it('reads the list of clients', () => {
  const [client] = parseClients(
    'id=7 addr=127.0.0.1:4 laddr=127.0.0.1:6 fd=8 name= age=2 idle=1 flags=N db=0 cmd=client|list user=default tot-mem=2048 lib-name=x lib-ver=\n',
  );
  expect(client).toMatchObject({ id: '7', name: '', age: 2, command: 'client list', memory: 2048, library: 'x', own: false });
});
