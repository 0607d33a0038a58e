/** Waits for all, however they end; then the first failure counts. */
export async function allOf<T>(acts: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(acts);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
