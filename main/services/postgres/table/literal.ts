/** A value as SQL text, for scripts that are read or run elsewhere; what we run binds its values. */
export function literal(value: string | null): string {
  if (value === null) return 'NULL';
  // Backslashes mean themselves in a plain string, but not in every setting of a server.
  if (value.includes('\\')) return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return `'${value.replaceAll("'", "''")}'`;
}

/** A number as it is, if it is nothing but one. */
export function numberLiteral(value: string | null): string {
  return value !== null && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? value : literal(value);
}
