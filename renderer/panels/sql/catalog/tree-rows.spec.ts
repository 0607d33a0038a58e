import { describe, expect, it } from 'vitest';
import type { Catalog, CatalogTable } from '../../../../preload/contract/sql.ts';
import { about, catalogNodes, tableId } from './tree-rows.ts';

const table = (name: string, columns: string[]): CatalogTable => ({
  schema: 'public', name, kind: 'table', rows: 10, bytes: 8192, primaryKey: ['id'], foreignKeys: [], constraints: [], comment: null,
  columns: columns.map((column) => ({ name: column, type: 'text', kind: 'text', nullable: true, default: null, generated: false, comment: null })),
  indexes: [{ name: `${name}_pkey`, definition: '', bytes: 1, unique: true, valid: true }],
}); // biome-ignore format: a table is read as a table
const catalog: Catalog = {
  database: 'd', user: 'u', version: '17', bytes: 1, schemas: ['empty', 'public'], cut: false,
  tables: [table('users', ['id', 'email']), table('projects', ['id', 'owner_id'])],
  functions: [{ schema: 'public', name: 'f', arguments: 'a int', result: 'int' }],
}; // biome-ignore format: a catalogue is read as a catalogue
const labels = (turned: string[], text = '') =>
  catalogNodes(catalog, { turned: new Set(turned), text }).map(({ depth, label }) => `${depth} ${label}`);

describe('the tree of a catalogue', () => {
  it('begins with schemas open and tables closed', () => {
    expect(labels([])).toEqual(['0 empty', '0 public', '1 users', '1 projects', '1 Functions']);
    expect(labels(['schema:public'])).toEqual(['0 empty', '0 public']);
    expect(labels([tableId('public', 'users')])).toContain('2 email');
    expect(labels([tableId('public', 'users'), `indexes:${tableId('public', 'users')}`])).toContain('3 users_pkey');
  });

  it('narrows to what carries a text, columns too', () => {
    expect(labels([], 'OWNER')).toEqual(['0 public', '1 projects']);
    expect(labels([tableId('public', 'projects')], 'owner')).toContain('2 owner_id');
    expect(labels([], 'nothing')).toEqual([]);
  });
});

it('rows are told about', () => {
  expect([12, 1_240, 99_900, 1_250_000, 10_000_000].map(about)).toEqual(['12', '1.2k', '100k', '1.3M', '10M']);
});
