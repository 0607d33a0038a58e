/** Hands what a list shows to the person as a file: an object a line. Only for what the window holds itself. */
export function saveLines(name: string, rows: readonly object[]): void {
  const address = URL.createObjectURL(
    new Blob(
      rows.map((row) => `${JSON.stringify(row)}\n`),
      { type: 'application/x-ndjson' },
    ),
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
