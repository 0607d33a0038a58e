/** As much of pulsar-client's interface as is used here; the package is optional, so its own types may not be there. */
export interface PulsarLibrary {
  readonly Client: new (config: {
    serviceUrl: string;
    authentication?: object;
    operationTimeoutSeconds: number;
    connectionTimeoutMs: number;
    log: (level: number, file: string, line: number, message: string) => void;
  }) => LibraryClient;
  readonly AuthenticationToken: new (config: { token: string }) => object;
  readonly MessageId: { earliest(): LibraryMessageId; latest(): LibraryMessageId; deserialize(data: Buffer): LibraryMessageId };
}

export interface LibraryClient {
  createProducer(config: Readonly<Record<string, unknown>>): Promise<LibraryProducer>;
  subscribe(config: Readonly<Record<string, unknown>>): Promise<LibraryConsumer>;
  createReader(config: Readonly<Record<string, unknown>>): Promise<LibraryReader>;
  close(): Promise<null>;
}

export interface LibraryProducer {
  send(message: { data: Buffer; partitionKey?: string; properties?: Readonly<Record<string, string>> }): Promise<LibraryMessageId>;
  close(): Promise<null>;
}

export interface LibraryConsumer {
  /** Rejects when nothing came within the timeout (ms). */
  receive(timeout: number): Promise<LibraryMessage>;
  acknowledgeId(id: LibraryMessageId): Promise<null>;
  negativeAcknowledgeId(id: LibraryMessageId): void;
  close(): Promise<null>;
}

export interface LibraryReader {
  /** Rejects when nothing came within the timeout (ms). */
  readNext(timeout: number): Promise<LibraryMessage>;
  close(): Promise<null>;
}

export interface LibraryMessageId {
  serialize(): Buffer;
}

export interface LibraryMessage {
  getMessageId(): LibraryMessageId;
  getData(): Buffer;
  getPartitionKey(): string;
  getProperties(): Readonly<Record<string, string>>;
  getPublishTimestamp(): number;
  getRedeliveryCount(): number;
}

/** Undefined when the package is not installed, or has no native library for this machine. */
export async function loadLibrary(): Promise<PulsarLibrary | undefined> {
  const name: string = 'pulsar-client';
  try {
    const loaded = (await import(name)) as { readonly default: PulsarLibrary };
    return loaded.default;
  } catch {
    return undefined;
  }
}
