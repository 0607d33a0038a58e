import type { Db } from 'mongodb';
import { limits } from '../../limits.ts';
import type { NativeInstance } from '../../runtime/native/server.ts';

export function credentialsOf({ spec: { environment } }: NativeInstance) {
  return { username: environment.MONGO_INITDB_ROOT_USERNAME ?? '', password: environment.MONGO_INITDB_ROOT_PASSWORD ?? '' };
}

/** One short connection to an instance that may not be set up yet. @throws the driver's errors */
export async function connected<T>(
  instance: NativeInstance,
  { as, signal }: { readonly as: 'user' | 'nobody'; readonly signal: AbortSignal },
  act: (admin: Db) => Promise<T>,
): Promise<T> {
  const { MongoClient } = await import('mongodb');
  const signIn = { auth: credentialsOf(instance), authSource: 'admin', authMechanism: 'SCRAM-SHA-256' as const };
  const client = new MongoClient(`mongodb://127.0.0.1:${instance.published(27017)}/`, {
    ...(as === 'user' ? signIn : {}),
    directConnection: true,
    serverSelectionTimeoutMS: limits.probeTimeout,
    connectTimeoutMS: limits.probeTimeout,
  });
  const stop = () => void client.close().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    return await act(client.db('admin'));
  } finally {
    signal.removeEventListener('abort', stop);
    await client.close().catch(() => {});
  }
}
