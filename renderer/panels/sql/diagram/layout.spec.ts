import { expect, it } from 'vitest';
import type { CatalogTable } from '../../../../preload/contract/sql.ts';
import { diagramOf } from './layout.ts';

const table = (name: string, columns: string[], targets: string[] = []): CatalogTable => ({
  schema: 'public', name, kind: 'table', rows: 1, bytes: 1, primaryKey: ['id'], indexes: [], constraints: [], comment: null,
  columns: columns.map((column) => ({ name: column, type: 'uuid', kind: 'text', nullable: true, default: null, generated: false, comment: null })),
  foreignKeys: targets.map((target) => ({ name: `${name}_${target}`, columns: [`${target}_id`], target: { schema: 'public', table: target }, targetColumns: ['id'] })),
}); // biome-ignore format: a table is read as a table

it('tables do not overlap, lines go to tables that are there, keys come first', () => {
  const many = Array.from({ length: 20 }, (_, at) => `c${at}`);
  const { tables, lines } = diagramOf(
    [table('a', ['x', 'id']), table('b', ['id', 'a_id'], ['a', 'elsewhere']), table('c', ['id', ...many, 'c_id'], ['c', 'b'])],
    (type) => type,
  );
  expect(tables[0]!.columns.map(({ name }) => name)).toEqual(['id', 'x']);
  expect(tables[2]).toMatchObject({ hidden: 11 });
  expect(tables[2]!.columns.slice(0, 2).map(({ name }) => name)).toEqual(['id', 'c_id']);
  expect(lines.map(({ label }) => label)).toEqual(['a_id', 'c_id', 'b_id']);
  for (const one of tables) {
    for (const other of tables) {
      if (one === other) continue;
      const apart =
        one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
      expect(apart).toBe(true);
    }
  }
});
