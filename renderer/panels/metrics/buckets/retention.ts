/** How long points are kept, in words and from words. */

const units: readonly [seconds: number, word: string][] = [
  [7 * 86_400, 'w'],
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** "30 d", "4 w", "for ever". @param seconds 0 keeps for ever */
export function retentionWord(seconds: number): string {
  if (seconds === 0) return 'for ever';
  // Weeks only where nobody would rather say days: 30 d and not 4.3 w, 7 d and not 1 w.
  const [size, word] = units.find(([each], index) => seconds % each === 0 && (index > 0 || seconds >= 28 * 86_400)) ?? [1, 's'];
  return `${seconds / size} ${word}`;
}

export const retentionChoices: readonly { value: string; label: string }[] = [
  { value: '0', label: 'For ever' },
  { value: String(3_600), label: '1 hour' },
  { value: String(86_400), label: '1 day' },
  { value: String(7 * 86_400), label: '7 days' },
  { value: String(30 * 86_400), label: '30 days' },
  { value: String(90 * 86_400), label: '90 days' },
  { value: String(365 * 86_400), label: '1 year' },
];
