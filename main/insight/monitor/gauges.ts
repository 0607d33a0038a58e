/** What a server cheaply tells of itself: numbers by name. */
export interface Gauges {
  /** Counters as they stand, sizes in bytes, times in ms. @throws when the server does not answer */
  gauges(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** Only what is a number: servers leave things out, or say "N/A". */
export function numbers(values: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) && value !== '' ? [[name, number]] : [];
    }),
  );
}
