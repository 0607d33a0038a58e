interface SparkBox {
  /** Values that fill the width. */
  room: number;
  /** The least top of the scale. */
  least: number;
  width: number;
  height: number;
}

/** An SVG path of the last `room` values, newest at the right edge; empty for fewer than two. */
export function linePath(values: readonly number[], { room, least, width, height }: SparkBox): string {
  const shown = values.slice(-room);
  if (shown.length < 2) return '';
  const top = Math.max(least, ...shown) * 1.1;
  const step = width / (room - 1);
  const left = width - (shown.length - 1) * step;
  return shown
    .map((value, i) => `${i === 0 ? 'M' : 'L'}${(left + i * step).toFixed(1)} ${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`)
    .join('');
}
