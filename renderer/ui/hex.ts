/** Bytes as hexdump has them: offset, sixteen bytes, what can be read. */
const perLine = 16;
/** Bytes shown at most. */
export const hexBytes = 64 * 1024;

export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  const end = Math.min(bytes.length, hexBytes);
  for (let at = 0; at < end; at += perLine) {
    const part = [...bytes.subarray(at, Math.min(at + perLine, end))];
    const hex = part.map((byte, index) => `${index === 8 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`).join(' ');
    const readable = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(perLine * 3)}  ${readable}`);
  }
  if (bytes.length > end) lines.push(`… ${bytes.length - end} more bytes`);
  return lines.join('\n');
}
