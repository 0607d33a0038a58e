import type pg from 'pg';

type TextRow = readonly (string | null)[];

/** One statement whose values come as the server writes them. */
export async function textQuery(
  client: pg.ClientBase,
  { text, values }: { readonly text: string; readonly values: readonly unknown[] },
): Promise<TextRow[]> {
  const { rows } = await client.query<TextRow[]>({
    text,
    values: [...values],
    rowMode: 'array',
    types: asText as unknown as pg.CustomTypesConfig,
  });
  return rows as unknown as TextRow[];
}

const asText = { getTypeParser: () => (value: string) => value };
