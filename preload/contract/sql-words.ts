/** Words of the SQL panel's contract, apart from its schemas: a window needs them, and not what checks them. */

export const filterOperators = ['=', '<>', '<', '<=', '>', '>=', 'contains', 'starts with', 'is null', 'is not null'] as const;

export const paramTypes = [
  'auto', 'text', 'integer', 'bigint', 'numeric', 'double precision', 'boolean', 'uuid', 'date', 'timestamptz', 'interval', 'jsonb', 'bytea', 'text[]', 'uuid[]',
] as const; // biome-ignore format: a list is read as a list

export const exportFormats = ['csv', 'json', 'sql', 'parquet', 'xlsx'] as const;
