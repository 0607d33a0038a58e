/**
 * All of a part that is small enough to be held in memory.
 * @param most bytes
 * @param tooLarge what is thrown where there is more; nothing beyond it is held
 */
export async function whole(content: AsyncIterable<Uint8Array>, most: number, tooLarge: () => Error): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
