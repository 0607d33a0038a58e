/** The course of some values as an SVG path that fills its box; values that are missing are passed over. */
export function sparkOf(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.flatMap((value, index) => (value === null ? [] : [[index, value] as const]));
  if (known.length < 2) return '';
  let least = known[0]![1];
  let most = least;
  for (const [, value] of known) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const x = (index: number) => ((index / (values.length - 1)) * width).toFixed(1);
  const y = (value: number) => (most === least ? height / 2 : height - 1 - ((value - least) / (most - least)) * (height - 2)).toFixed(1);
  return known.map(([index, value], at) => `${at === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('');
}
