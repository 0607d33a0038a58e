/** Times to live as people write and read them. */
const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "90s", "15 min", "2h 30m", "1d", a bare number of seconds; "never" or nothing: for good. @returns ms, null for good, undefined for what is no time */
export function ttlFrom(text: string): number | null | undefined {
  const typed = text.trim().toLowerCase();
  if (typed === '' || typed === 'never' || typed === 'none') return null;
  if (/^\d+$/.test(typed)) return Number(typed) > 0 && Number(typed) < 2 ** 40 ? Number(typed) * 1_000 : undefined;
  const parts = [...typed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d)\s*/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== typed) return undefined;
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit === 'min' ? 'm' : unit!]!, 0);
  return ms >= 1 && ms < 2 ** 52 ? Math.round(ms) : undefined;
}

/** Short, for a tree: "59m", "2h", "3d". */
export function shortTtl(ms: number): string {
  if (ms < 60_000) return `${Math.ceil(ms / 1_000)}s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)}m`;
  if (ms < 2 * 86_400_000) return `${Math.round(ms / 3_600_000)}h`;
  return `${Math.round(ms / 86_400_000)}d`;
}
