/** Numbers out of a page of Prometheus's text format. */

/** Sums the samples of each wanted name over all their labels; a name that is not there is left out. @param wanted our name by the page's, with what its labels must contain */
export function summed(
  page: string,
  wanted: Readonly<Record<string, { readonly name: string; readonly labels?: string }>>,
): Record<string, number> {
  const sums: Record<string, number> = {};
  const byName = new Map<string, [ours: string, labels: string | undefined][]>();
  for (const [ours, { name, labels }] of Object.entries(wanted)) byName.set(name, [...(byName.get(name) ?? []), [ours, labels]]);
  for (const line of page.split('\n')) {
    const sample = /^([a-zA-Z_:][\w:]*)(\{.*\})?\s+(\S+)/.exec(line);
    if (!sample) continue;
    for (const [ours, labels] of byName.get(sample[1]!) ?? []) {
      const value = Number(sample[3]);
      if (!Number.isFinite(value) || (labels !== undefined && !sample[2]?.includes(labels))) continue;
      sums[ours] = (sums[ours] ?? 0) + value;
    }
  }
  return sums;
}
