import { openSession, type PulsarSession } from '../../../main/services/pulsar/session.ts';
import { stackTopic, topicUrl } from '../../../main/services/pulsar/topic.ts';
import { openSocket } from '../../../main/services/pulsar/websocket/socket.ts';
import type { PanelStep, PanelWindow } from './step.ts';

const jobs = topicUrl(stackTopic('e2e-jobs'));

export const steps: readonly PanelStep[] = [
  {
    name: 'follows a topic, filters it by a JSON path, and opens a message',
    async act({ page, origin }) {
      await page.goto(`${origin}/topics`);
      await page.getByTestId('topics-tree').getByText('compilation-events', { exact: true }).click();
      const list = page.getByTestId('message-list');
      await list.getByRole('option').first().waitFor();
      await page.getByTestId('message-filter').fill("$.event_type = 'compilation.failed'");
      await page.getByText('pass the filter').waitFor();
      await list.getByText('compilation.failed').first().click();
      await page.getByTestId('message-inspector').getByText('event_type').waitFor();
      await page.getByTestId('message-filter').fill('$.event_type =');
      await page.getByRole('alert').getByText('A value is wanted after =.').waitFor();
      await page.getByTestId('message-filter').fill('');
    },
  },
  {
    name: 'publishes a message and reads it where it was stored',
    async act({ page, origin }) {
      await page.goto(`${origin}/topics?${new URLSearchParams({ topic: topicUrl(stackTopic('ai-events')), tab: 'publish' })}`);
      await page.getByTestId('publish-payload').locator('.cm-content').click();
      await page.keyboard.insertText('{"model_id": "by hand", "event_type": "model.greeted"}');
      await page.getByLabel('Key', { exact: true }).fill('greeting');
      await page.getByRole('button', { name: 'Publish message' }).click();
      await page.getByText('Published as').getByRole('button').click();
      await page.getByTestId('message-inspector').getByText('by hand').waitFor();
      await page.getByTestId('message-inspector').getByText('greeting').first().waitFor();
    },
  },
  {
    name: 'finds the dead letters of a subscription and sends them back',
    async act(window) {
      const { page, origin } = window;
      const session = await refusedMessages(window, 3);
      try {
        await page.goto(`${origin}/topics?${new URLSearchParams({ topic: jobs, tab: 'subscriptions' })}`);
        await page.getByTestId('subscription-list').getByText('worker').click();
        await page.getByRole('button', { name: 'Its dead letters' }).click();
        await page.getByRole('button', { name: 'Redrive all 3…' }).click();
        await page.getByRole('dialog').getByText('3 messages to').waitFor();
        await page.getByRole('button', { name: 'Redrive all that wait' }).click();
        await page.getByText('went back to where they came from').waitFor();
        const { figures } = await session.detail(jobs, AbortSignal.timeout(20_000));
        if (figures.published !== 6) throw new Error(`${figures.published} messages were published, not 3 and 3 again`);
      } finally {
        await session.close();
      }
    },
  },
];

/** A subscription that has given up so many messages. */
async function refusedMessages({ bed }: PanelWindow, count: number): Promise<PulsarSession> {
  const connection = await bed.stack.connection('pulsar');
  const session = await openSession(connection, { spool: async () => '' });
  const soon = AbortSignal.timeout(60_000);
  await session.perform({ kind: 'create-topic', topic: jobs, partitions: 0 }, soon);
  await session.perform({ kind: 'create-subscription', topic: jobs, subscription: 'worker', from: 'earliest' }, soon);
  for (let n = 0; n < count; n++) {
    await session.publish(jobs, { payload: `{"n":${n}}`, encoding: 'text', key: `j${n}`, properties: {}, eventTime: null }, soon);
  }
  const opening = openSocket(
    connection,
    ['consumer', 'persistent', 'public', 'default', 'e2e-jobs', 'worker'],
    { subscriptionType: 'Shared', negativeAckRedeliveryDelay: '50', maxRedeliverCount: '1' },
    {
      onFrame({ messageId }) {
        if (messageId !== undefined) void opening.then((socket) => socket.send(JSON.stringify({ type: 'negativeAcknowledge', messageId })));
      },
      onEnd: () => undefined,
    },
    soon,
  );
  const socket = await opening;
  const dead = topicUrl(stackTopic('e2e-jobs-worker-DLQ'));
  const arrived = async () => (await session.deadLetters(dead, soon).catch(() => undefined))?.waiting === count;
  while (!(await arrived())) await new Promise((resolve) => setTimeout(resolve, 200));
  await socket.close();
  return session;
}
