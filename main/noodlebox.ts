/** What `noodlebox` runs. */
export async function main(): Promise<void> {
  const { runCli } = await import('./doors/cli/main.ts');
  await runCli();
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // What still waits for an answer, such as a question to a server that is being stopped, holds nobody up.
  process.exit();
}

/** Once everything has been handed on, or nobody reads any more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
