import { createInterface } from 'node:readline';
import { OutgoingMessage } from '../../../../preload/contract/topics.ts';
import { NoodleError } from '../../../errors.ts';
import type { PulsarSession } from '../../../services/pulsar/session.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { paint, took } from '../text.ts';
import { timeOf } from './logs.ts';

export interface PublishOptions {
  readonly key?: string;
  readonly property: readonly string[];
  readonly eventTime?: string;
  readonly repeat: string;
  readonly service?: string;
}

/** Publishes a message, one many times (`{{n}}`, `{{uuid}}` and `{{now}}` filled in), or each line of the standard input. */
export async function publish(topic: string, payload: string | undefined, options: PublishOptions, globals: GlobalOptions): Promise<void> {
  const make = messageMaker(options);
  const repeat = Number(options.repeat);
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > 1_000_000) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `"${options.repeat}" is no number of messages.`,
      why: 'It is a whole number from 1 to 1,000,000.',
    });
  }
  const fromInput = payload === '-' || (payload === undefined && !process.stdin.isTTY);
  if (payload === undefined && !fromInput) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'There is no message.',
      todo: 'Give one, or - to read one a line from the standard input.',
    });
  }
  const only = fromInput ? undefined : make(payload!);
  await withKnownStack(globals, async (stack, signal) => {
    const begun = performance.now();
    const session = await stack.session('pulsar', stack.serviceOfKind('pulsar', options.service));
    const count = only ? await once(session, topic, only, repeat, globals, signal) : await fromLines(session, topic, make, globals, signal);
    const ms = performance.now() - begun;
    const text = globals.json
      ? JSON.stringify({ type: 'result', ok: true, messages: count, took: Math.round(ms) })
      : `${paint('green', '✔')} ${count} ${count === 1 ? 'message' : 'messages'} published  ${paint('dim', took(ms))}`;
    process.stdout.write(`${text}\n`);
  });
}

async function once(
  session: PulsarSession,
  topic: string,
  message: OutgoingMessage,
  repeat: number,
  globals: GlobalOptions,
  signal: AbortSignal,
) {
  if (repeat > 1) return session.publishMany(topic, message, { times: repeat, perSecond: 0, onProgress: () => undefined }, signal);
  tell(await session.publish(topic, message, signal), globals);
  return 1;
}

async function fromLines(
  session: PulsarSession,
  topic: string,
  make: (payload: string) => OutgoingMessage,
  globals: GlobalOptions,
  signal: AbortSignal,
): Promise<number> {
  async function* messages() {
    // Opened only when it is read: lines that come before anyone listens are lost.
    const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    signal.addEventListener('abort', () => lines.close(), { once: true });
    for await (const line of lines) if (line !== '') yield make(line);
    signal.throwIfAborted();
  }
  return session.publishAll(topic, messages(), (id) => globals.json && tell(id, globals), signal);
}

function tell(id: string, globals: GlobalOptions): void {
  process.stdout.write(globals.json ? `${JSON.stringify({ type: 'message', id })}\n` : `${id}\n`);
}

/** Checks what does not change between messages once. */
function messageMaker({ key, property, eventTime }: PublishOptions): (payload: string) => OutgoingMessage {
  const properties = Object.fromEntries(property.map(pairOf));
  const time = eventTime === undefined ? null : timeOf(eventTime, Date.now());
  return (payload) => {
    const message = OutgoingMessage.safeParse({ payload, key: key ?? null, properties, eventTime: time });
    if (message.success) return message.data;
    const [issue] = message.error.issues;
    throw new NoodleError({
      code: 'bad-argument',
      what: 'This is no message that can be published.',
      why: `${issue?.path.join('.')}: ${issue?.message}`,
    });
  };
}

function pairOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no property.`, todo: 'Write name=value.' });
}
