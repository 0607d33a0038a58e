import { readFileSync } from 'node:fs';

/**
 * Tells a process from a later one of the same pid. On Linux its start time in clock ticks since
 * boot (`/proc/<pid>/stat`, field 22, see proc(5)) with the boot's id; elsewhere undefined, and the
 * pid alone must do.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name stands in parentheses and may hold spaces: fields count from after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether that very process still runs. */
export function isAlive(pid: number, identity: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = processIdentity(pid);
  return identity === undefined || now === undefined || now === identity;
}
