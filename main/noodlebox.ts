/** What `noodlebox` runs. */
export async function main(): Promise<void> {
  const { runCli } = await import('./doors/cli/main.ts');
  await runCli();
}
