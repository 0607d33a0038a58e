/** The cache panel's procedures: each hands its input on, and its answer back. */
import type { ConsoleReply } from '../../preload/contract/cache-models.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import { selectionText } from '../services/redis/bulk/selection.ts';
import type { KeyBrowser } from '../services/redis/keys/browser.ts';
import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

type Place = { readonly stack: string; readonly service: string };

export function cacheRouter(os: Implementer['cache'], parts: Parts) {
  const browsers = new Map<string, KeyBrowser>();
  const browserOf = (stream: string): KeyBrowser => {
    const browser = browsers.get(stream);
    if (!browser) throw new NoodleError({ code: 'not-found', what: 'This view of the keys has ended.', todo: 'Scan again.' });
    return browser;
  };
  const session = (input: Place) => parts.session('redis', input);

  return os.router({
    facts: os.facts.handler(async ({ input }) => (await session(input)).facts()),
    samples: os.samples.handler(async ({ input }) => (await session(input)).samples(input.since)),

    browse: os.browse.handler(async ({ input, signal = untilClosed }) => {
      const browser = (await session(input)).browse(input);
      signal.throwIfAborted();
      browsers.set(input.stream, browser);
      const end = () => {
        if (browsers.get(input.stream) === browser) browsers.delete(input.stream);
        browser.close();
      };
      // A reader that goes before it has read anything leaves an iterator that never began, and so never ends.
      signal.addEventListener('abort', end, { once: true });
      return parts.stream(input.stream, endingWith(end, browser.progress(signal)), signal);
    }),
    rows: os.rows.handler(({ input }) => browserOf(input.stream).rows(input.from, input.count)),
    toggle: os.toggle.handler(({ input }) => browserOf(input.stream).toggle(input.prefix, input.open)),
    steer: os.steer.handler(({ input }) => {
      const browser = browserOf(input.stream);
      if (input.act === 'stop') browser.stop();
      else void browser.run();
    }),

    key: os.key.handler(async ({ input }) => (await session(input)).head(input.key)),
    elements: os.elements.handler(async ({ input }) => (await session(input)).elements(input.key, input.cursor, input.count, input.filter)),
    value: os.value.handler(async ({ input }) => (await session(input)).value(input.key, input.place, input.offset, input.length)),
    json: os.json.handler(async ({ input }) => (await session(input)).json(input.key, input.path)),
    decode: os.decode.handler(async ({ input }) => (await session(input)).decode(input.key, input.place, input.decoders)),
    exportElements: os.exportElements.handler(async ({ input }) => {
      const redis = await session(input);
      return parts.export(
        input.stack,
        `Exporting ${short(input.key)}`,
        { name: `${plainName(input.key)}.jsonl`, type: 'application/x-ndjson' },
        async (file, work) => {
          await redis.exportElements(input.key, input.filter, file.path, work.progress, work.signal);
        },
      );
    }),
    groups: os.groups.handler(async ({ input }) => (await session(input)).groups(input.key)),

    preview: os.preview.handler(async ({ input }) => ({ commands: (await session(input)).preview(input.key, input.edit) })),
    apply: os.apply.handler(async ({ input }) => (await session(input)).apply(input.key, input.edit, input.create)),
    saveValue: os.saveValue.handler(async ({ input }) => {
      const redis = await session(input);
      return parts.export(
        input.stack,
        `Saving ${short(input.key)}`,
        { name: `${plainName(input.key)}.bin`, type: 'application/octet-stream' },
        (file, work) => redis.saveValue(input.key, file.path, work.progress, work.signal),
      );
    }),
    loadValue: os.loadValue.handler(async ({ input }) => {
      const redis = await session(input);
      const { path } = await parts.upload(input.upload);
      return parts.work('change', input.stack, `Loading ${short(input.key)} from a file`, (work) =>
        redis.loadValue(input.key, path, work.progress, work.signal),
      );
    }),

    count: os.count.handler(async ({ input, signal = untilClosed }) =>
      parts.stream(input.stream, (await session(input)).count(input.selection, signal), signal),
    ),
    deleteKeys: os.deleteKeys.handler(async ({ input }) => {
      const redis = await session(input);
      return parts.work('change', input.stack, `Deleting ${short(selectionText(input.selection))}`, async (work) => {
        await redis.deleteKeys(input.selection, work.progress, work.signal);
      });
    }),
    expireKeys: os.expireKeys.handler(async ({ input }) => {
      const redis = await session(input);
      return parts.work('change', input.stack, `Changing how long ${short(selectionText(input.selection))} live`, async (work) => {
        await redis.expireKeys(input.selection, input.ttl, work.progress, work.signal);
      });
    }),
    exportKeys: os.exportKeys.handler(async ({ input }) => {
      const redis = await session(input);
      return parts.export(
        input.stack,
        `Exporting ${short(selectionText(input.selection))}`,
        { name: 'keys.jsonl', type: 'application/x-ndjson' },
        async (file, work) => {
          const { skipped } = await redis.exportKeys(input.selection, file.path, work.progress, work.signal);
          if (skipped.length > 0) work.progress(0, 0, `left out, because they are too large: ${short(skipped.join(', '))}`);
        },
      );
    }),
    lookImport: os.lookImport.handler(async ({ input, signal = untilClosed }) => {
      const { path } = await parts.upload(input.upload);
      return (await session(input)).lookAtImport(path, signal);
    }),
    importKeys: os.importKeys.handler(async ({ input }) => {
      const redis = await session(input);
      const { path, name } = await parts.upload(input.upload);
      return parts.work('import', input.stack, `Importing keys from ${short(name)}`, async (work) => {
        const { keys, failed, firstFailure } = await redis.importKeys(path, input.existing, work.progress, work.signal);
        if (failed === 0) return;
        throw new NoodleError({
          code: 'query-failed',
          what: `${failed} keys could not be imported; ${keys} were.`,
          why: firstFailure ?? undefined,
        });
      });
    }),

    changes: os.changes.handler(async ({ input, signal = untilClosed }) =>
      parts.stream(input.stream, (await session(input)).changes(input.pattern, signal), signal),
    ),
    profile: os.profile.handler(async ({ input, signal = untilClosed }) =>
      parts.stream(input.stream, (await session(input)).profile(input, signal), signal),
    ),
    slowLog: os.slowLog.handler(async ({ input }) => (await session(input)).slowLog()),
    resetSlowLog: os.resetSlowLog.handler(async ({ input }) => (await session(input)).resetSlowLog()),
    clients: os.clients.handler(async ({ input }) => (await session(input)).clients()),
    killClient: os.killClient.handler(async ({ input }) => (await session(input)).killClient(input.id)),
    memory: os.memory.handler(async ({ input, signal = untilClosed }) =>
      parts.stream(input.stream, (await session(input)).memory(input, signal), signal),
    ),

    commands: os.commands.handler(async ({ input }) => (await session(input)).commands()),
    guard: os.guard.handler(async ({ input }) => (await session(input)).guard(input.line)),
    run: os.run.handler(async ({ input, signal = untilClosed }) => {
      const redis = await session(input);
      const at = Date.now();
      const begun = performance.now();
      const keep = async (reply: Pick<ConsoleReply, 'took'> | null, failure: string | null) => {
        const notebook = await (await parts.stack(input.stack)).notebook();
        // A password that was typed is not kept.
        if (/^\s*(auth|acl\s+setuser|hello|config\s+set\s+(requirepass|masterauth))\b/i.test(input.line)) return;
        notebook.record({
          panel: 'cache',
          service: input.service,
          text: input.line,
          at,
          took: reply?.took ?? performance.now() - begun,
          rows: null,
          failure,
        });
      };
      try {
        const reply = await redis.run(input.line, input.sure, signal);
        await keep(reply, reply.failed ? reply.text : null);
        return reply;
      } catch (error) {
        const { code, problem } = asNoodleError(error);
        if (code !== 'confirmation-needed' && code !== 'bad-argument') await keep(null, problem.what);
        throw error;
      }
    }),
  });
}

/** A key or selection as a title has it. */
function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

function plainName(key: string): string {
  const plain = key.replace(/[^\w.-]+/g, '_').slice(0, 80);
  return plain || 'value';
}

async function* endingWith<T>(end: () => void, source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } finally {
    end();
  }
}
