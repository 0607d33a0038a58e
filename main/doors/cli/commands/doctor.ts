import type { GlobalOptions } from '../main.ts';
import { withCore } from '../session.ts';
import { paint } from '../text.ts';

export async function doctor(globals: GlobalOptions): Promise<void> {
  await withCore(async (core, signal) => {
    const findings = await core.doctor(signal);
    const ok = findings.every(({ level }) => level !== 'error');
    if (!ok) process.exitCode = 3;
    if (globals.json) return void process.stdout.write(`${JSON.stringify({ type: 'result', ok, findings })}\n`);
    const marks = { ok: paint('green', '✔'), warn: paint('yellow', '!'), error: paint('red', '✖') };
    for (const { name, level, message, command } of findings) {
      process.stdout.write(`${marks[level]} ${paint('bold', name)}  ${message}\n${command ? `    ${command}\n` : ''}`);
    }
  });
}
