import { spawn } from 'node:child_process';

/** Runs a command to its end. @throws when it fails, with the end of what it printed */
export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): Promise<void> {
  await output(command, args, env, cwd);
}

/** Runs a command. @returns what it wrote to standard output. @throws when it fails */
export function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let both = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      both = (both + chunk).slice(-4_000);
    });
    child.stderr.on('data', (chunk) => {
      both = (both + chunk).slice(-4_000);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(`${command} ${args[0] ?? ''} ended with ${code}:\n${both}`)),
    );
  });
}
