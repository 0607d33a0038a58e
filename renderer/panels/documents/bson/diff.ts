/** What changes between two texts, line by line. */
export interface DiffLine {
  readonly tone: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** The table of the longest common sequence is not made bigger than this. */
const most = 4_000_000;

export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const line = (tone: DiffLine['tone']) => (text: string) => ({ tone, text });
  return [
    ...a.slice(0, head).map(line('same')),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(line('same')),
  ];
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ tone: 'removed', text });
  const added = (text: string): DiffLine => ({ tone: 'added', text });
  if (a.length * b.length > most) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ tone: 'same', text: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) lines.push(removed(a[i++]!));
    else lines.push(added(b[j++]!));
  }
  return lines;
}

/** Only what changes, with some lines around it; `null` stands where lines are left out. */
export function hunks(lines: readonly DiffLine[], around = 2): (DiffLine | null)[] {
  const kept = new Set<number>();
  for (const [index, { tone }] of lines.entries()) {
    if (tone === 'same') continue;
    for (let near = index - around; near <= index + around; near++) kept.add(near);
  }
  const told: (DiffLine | null)[] = [];
  for (const [index, line] of lines.entries()) {
    if (kept.has(index)) told.push(line);
    else if (told.length > 0 && told.at(-1) !== null) told.push(null);
  }
  if (told.at(-1) === null) told.pop();
  return told;
}
