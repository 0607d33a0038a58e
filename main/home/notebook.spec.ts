import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { type Notebook, openNotebook } from './notebook.ts';

let folder: string;
let notebook: Notebook;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noodlebox-notebook-'));
  notebook = openNotebook(join(folder, 'stack', 'notebook.sqlite'));
});
afterEach(() => {
  notebook.close();
  rmSync(folder, { recursive: true });
});

const entry = (text: string) => ({ panel: 'sql' as const, service: 'postgres', text, at: 1, took: 2.4, rows: 3, failure: null });

describe('history', () => {
  it('tells the newest first, of its panel only', () => {
    for (const text of ['one', 'two']) notebook.record(entry(text));
    notebook.record({ ...entry('PING'), panel: 'cache' });
    expect(notebook.history('sql', '', 10).map(({ text }) => text)).toEqual(['two', 'one']);
    expect(notebook.history('sql', '', 1)).toMatchObject([{ text: 'two', took: 2, rows: 3, failure: null }]);
  });

  it('is searched for a text as it stands, whatever it means elsewhere', () => {
    for (const text of ['select 100%', 'select 1000', "it's _ here"]) notebook.record(entry(text));
    expect(notebook.history('sql', '100%', 10).map(({ text }) => text)).toEqual(['select 100%']);
    expect(notebook.history('sql', "'S _", 10)).toHaveLength(1);
  });

  it('forgets the oldest of a panel when there are too many, and nothing of another', () => {
    notebook.record({ ...entry('kept'), panel: 'cache' });
    for (let at = 0; at < limits.historyKept + 3; at++) notebook.record(entry(`q${at}`));
    const kept = notebook.history('sql', '', 10_000);
    expect(kept).toHaveLength(limits.historyKept);
    expect(kept.at(-1)?.text).toBe('q3');
    expect(notebook.history('cache', '', 10)).toHaveLength(1);
    notebook.clearHistory('sql');
    expect(notebook.history('sql', '', 10)).toEqual([]);
  });
});

describe('saved things', () => {
  const item = { id: 'a', panel: 'metrics' as const, kind: 'chart', name: 'Latency “p99”', body: '{"x":1}' };

  it('are replaced under the same id and outlive the process', () => {
    notebook.save(item);
    notebook.save({ ...item, body: '{"x":2}' });
    notebook.close();
    notebook = openNotebook(join(folder, 'stack', 'notebook.sqlite'));
    expect(notebook.saved('metrics')).toMatchObject([{ ...item, body: '{"x":2}' }]);
  });

  it('are told by kind, and gone when removed', () => {
    notebook.save(item);
    notebook.save({ ...item, id: 'b', kind: 'dashboard' });
    expect(notebook.saved('metrics', 'chart').map(({ id }) => id)).toEqual(['a']);
    expect(notebook.saved('sql')).toEqual([]);
    notebook.remove('metrics', 'a');
    expect(notebook.saved('metrics').map(({ id }) => id)).toEqual(['b']);
  });
});

it('is readable by its owner only', () => {
  notebook.record(entry('select 1'));
  expect(statSync(join(folder, 'stack', 'notebook.sqlite')).mode & 0o777).toBe(0o600);
});

it('one that cannot be read is named and left as it is', () => {
  const path = join(folder, 'broken.sqlite');
  writeFileSync(path, 'this is no database, and it is long enough to be taken for one'.repeat(40));
  expect(() => openNotebook(path)).toThrow(/notebook/);
  expect(statSync(path).size).toBeGreaterThan(100);
});

it('two processes keep what they do in one notebook', () => {
  const other = openNotebook(join(folder, 'stack', 'notebook.sqlite'));
  other.record(entry('theirs'));
  notebook.record(entry('ours'));
  expect(other.history('sql', '', 10).map(({ text }) => text)).toEqual(['ours', 'theirs']);
  other.close();
});
