/** What a person keeps beside a stack: what was run, and what was saved under a name. One SQLite file a stack. */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PanelName } from '../../preload/contract/kinds.ts';
import type { HistoryEntry, SavedItem } from '../../preload/contract/notebook.ts';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';

const schema = `
  create table if not exists history (
    id integer primary key autoincrement, panel text not null, service text not null, text text not null,
    at integer not null, took integer, rows integer, failure text
  ) strict;
  create index if not exists history_panel on history (panel, id);
  create table if not exists saved (
    panel text not null, id text not null, kind text not null, name text not null, body text not null, at integer not null,
    primary key (panel, id)
  ) strict;
`;

export interface Notebook {
  /** Keeps what was run; beyond `limits.historyKept` a panel's oldest entry goes. */
  record(entry: Omit<HistoryEntry, 'id'>): void;
  /** Newest first. @param text only those that contain it, without regard to case; empty: all */
  history(panel: PanelName, text: string, limit: number): HistoryEntry[];
  clearHistory(panel: PanelName): void;
  saved(panel: PanelName, kind?: string): SavedItem[];
  save(item: Omit<SavedItem, 'at'>): SavedItem;
  remove(panel: PanelName, id: string): void;
  close(): void;
}

/** Several processes may have it open: each statement is a transaction of its own. @throws NoodleError file-unreadable */
export function openNotebook(path: string): Notebook {
  const database = open(path);
  const insert = database.prepare('insert into history (panel, service, text, at, took, rows, failure) values (?, ?, ?, ?, ?, ?, ?)');
  const trim = database.prepare(
    'delete from history where panel = ? and id <= (select id from history where panel = ? order by id desc limit 1 offset ?)',
  );
  const search = database.prepare(
    `select id, panel, service, text, at, took, rows, failure from history
     where panel = ? and instr(lower(text), lower(?)) > 0 order by id desc limit ?`,
  );
  const clear = database.prepare('delete from history where panel = ?');
  const list = database.prepare(
    'select id, panel, kind, name, body, at from saved where panel = ? and (? is null or kind = ?) order by name, id',
  );
  const put = database.prepare(
    `insert into saved (panel, id, kind, name, body, at) values (?, ?, ?, ?, ?, ?)
     on conflict (panel, id) do update set kind = excluded.kind, name = excluded.name, body = excluded.body, at = excluded.at`,
  );
  const drop = database.prepare('delete from saved where panel = ? and id = ?');
  return {
    record({ panel, service, text, at, took, rows, failure }) {
      insert.run(panel, service, text, Math.round(at), took === null ? null : Math.round(took), rows, failure);
      trim.run(panel, panel, limits.historyKept);
    },
    history: (panel, text, limit) => search.all(panel, text, limit) as unknown as HistoryEntry[],
    clearHistory: (panel) => void clear.run(panel),
    saved: (panel, kind) => list.all(panel, kind ?? null, kind ?? null) as unknown as SavedItem[],
    save(item) {
      const at = Date.now();
      put.run(item.panel, item.id, item.kind, item.name, item.body, at);
      return { ...item, at };
    },
    remove: (panel, id) => void drop.run(panel, id),
    close: () => database.close(),
  };
}

function open(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const database = new DatabaseSync(path, { timeout: 5_000 });
    // Before its companion files are made: they take its mode.
    chmodSync(path, 0o600);
    database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
    database.exec(schema);
    return database;
  } catch (error) {
    throw new NoodleError(
      {
        code: 'file-unreadable',
        what: 'The notebook with histories and saved queries cannot be read.',
        why: `${path}: ${(error as Error).message}`,
        todo: 'It is left as it is. Move it away to begin a new one.',
      },
      { cause: error },
    );
  }
}
