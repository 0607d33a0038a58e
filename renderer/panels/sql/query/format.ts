/** Lays a text out anew; loaded when it is first asked for. @throws Error when it cannot be understood */
export async function formatSql(text: string): Promise<string> {
  const { formatDialect, postgresql } = await import('sql-formatter');
  return formatDialect(text, {
    dialect: postgresql,
    keywordCase: 'lower',
    dataTypeCase: 'lower',
    functionCase: 'lower',
    expressionWidth: 90,
    tabWidth: 2,
    linesBetweenQueries: 1,
    paramTypes: { named: [':'], numbered: ['$'] },
  });
}
