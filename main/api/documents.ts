import { readFile } from 'node:fs/promises';
import type { DocumentText } from '../../preload/contract/documents.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import { lookInto } from '../services/mongodb/transfer/import.ts';
import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function documentsRouter(os: Implementer['documents'], parts: Parts) {
  const session = (input: { stack: string; service: string }) => parts.session('mongodb', input);
  const textOf = (given: DocumentText) => ('text' in given ? given.text : uploaded(parts, given.upload));

  /** Keeps what was run in the panel's history, whether it went well or not. */
  const kept = async <T>(
    { stack, service }: { stack: string; service: string },
    text: string,
    act: () => Promise<T>,
    rows: (answer: T) => number | null,
  ): Promise<{ answer: T; took: number }> => {
    const at = Date.now();
    const began = performance.now();
    const record = async (counted: number | null, failure: string | null) => {
      const notebook = await (await parts.stack(stack)).notebook();
      notebook.record({ panel: 'documents', service, text, at, took: performance.now() - began, rows: counted, failure });
    };
    try {
      const answer = await act();
      const took = performance.now() - began;
      await record(rows(answer), null);
      return { answer, took };
    } catch (error) {
      await record(null, asNoodleError(error).message);
      throw error;
    }
  };

  return os.router({
    server: os.server.handler(async ({ input, signal }) => (await session(input)).server(signal ?? untilClosed)),
    databases: os.databases.handler(async ({ input, signal }) => (await session(input)).catalog.databases(signal ?? untilClosed)),
    collections: os.collections.handler(async ({ input, signal }) =>
      (await session(input)).catalog.collections(input.database, signal ?? untilClosed),
    ),
    sizes: os.sizes.handler(async ({ input, signal }) =>
      (await session(input)).catalog.sizes(input.database, input.collections, signal ?? untilClosed),
    ),
    createCollection: os.createCollection.handler(async ({ input, signal }) =>
      (await session(input)).collections.create(input.database, input.collection, input, signal ?? untilClosed),
    ),
    renameCollection: os.renameCollection.handler(async ({ input, signal }) =>
      (await session(input)).collections.rename(input.database, input.collection, input.to, signal ?? untilClosed),
    ),
    dropCollection: os.dropCollection.handler(async ({ input, signal }) =>
      (await session(input)).collections.drop(input.database, input.collection, signal ?? untilClosed),
    ),
    dropDatabase: os.dropDatabase.handler(async ({ input, signal }) =>
      (await session(input)).collections.dropDatabase(input.database, signal ?? untilClosed),
    ),
    losses: os.losses.handler(async ({ input, signal }) =>
      (await session(input)).collections.losses(input.database, input.collection, signal ?? untilClosed),
    ),

    find: os.find.handler(async ({ input: { first, ...input }, signal }) => {
      const { results } = await session(input);
      const { stack: _stack, service: _service, ...query } = input;
      const run = () => results.find(query, first, signal ?? untilClosed);
      // Looking at a collection is no query that someone would look for again.
      if (!input.filter && !input.project && !input.sort && !input.collation) {
        const began = performance.now();
        return { ...(await run()), took: performance.now() - began };
      }
      const { answer, took } = await kept(input, JSON.stringify({ kind: 'find', ...query }), run, ({ page }) =>
        page.done ? page.known : null,
      );
      return { ...answer, took };
    }),
    aggregate: os.aggregate.handler(async ({ input: { first, ...input }, signal }) => {
      const { results } = await session(input);
      const { stack: _stack, service: _service, ...query } = input;
      const { answer, took } = await kept(
        input,
        JSON.stringify({ kind: 'aggregate', ...query }),
        () => results.aggregate(query, first, signal ?? untilClosed),
        ({ page }) => (page.done ? page.known : null),
      );
      return { ...answer, took };
    }),
    page: os.page.handler(async ({ input, signal }) =>
      (await session(input)).results.page(input.result, input.from, input.count, signal ?? untilClosed),
    ),
    whole: os.whole.handler(async ({ input }) => ({ ejson: await (await session(input)).results.whole(input.result, input.at) })),
    close: os.close.handler(async ({ input }) => (await session(input)).results.close(input.result)),
    count: os.count.handler(async ({ input, signal }) => ({ count: await (await session(input)).count(input, signal ?? untilClosed) })),
    stage: os.stage.handler(async ({ input, signal }) => (await session(input)).stage(input, signal ?? untilClosed)),
    explain: os.explain.handler(async ({ input, signal }) => (await session(input)).explain(input, input.run, signal ?? untilClosed)),
    schema: os.schema.handler(async ({ input, signal }) =>
      parts.stream(input.stream, (await session(input)).schema(input, signal ?? untilClosed), signal),
    ),

    insert: os.insert.handler(async ({ input, signal }) =>
      (await session(input)).writer.insert(input.database, input.collection, await textOf(input.documents), signal ?? untilClosed),
    ),
    replace: os.replace.handler(async ({ input, signal }) => {
      const asked = await session(input);
      return asked.replace(input.result, input.at, await textOf(input.document), signal ?? untilClosed);
    }),
    delete: os.delete.handler(async ({ input, signal }) => (await session(input)).delete(input.result, input.at, signal ?? untilClosed)),
    previewChange: os.previewChange.handler(async ({ input, signal }) =>
      (await session(input)).previewChange(input, signal ?? untilClosed),
    ),
    change: os.change.handler(async ({ input }) => {
      const { bulk } = await session(input);
      const { stack, service: _service, ...change } = input;
      const title = `${input.update === undefined ? 'Deleting documents of' : 'Updating documents of'} ${input.collection}`;
      const run = async (work: Parameters<Parameters<Parts['work']>[3]>[0]) => {
        await kept(
          input,
          JSON.stringify({ kind: input.update === undefined ? 'delete' : 'update', ...change }),
          () => bulk.run(change, work),
          (n) => n,
        );
      };
      return { task: parts.work('change', stack, title, run) };
    }),

    indexes: os.indexes.handler(async ({ input, signal }) => {
      const asked = await session(input);
      const { can } = await asked.server(signal ?? untilClosed);
      return asked.indexes.list(input.database, input.collection, can.indexUsage, signal ?? untilClosed);
    }),
    createIndex: os.createIndex.handler(async ({ input }) => {
      const { indexes } = await session(input);
      const task = parts.work('change', input.stack, `Making an index of ${input.collection}`, async (work) => {
        work.progress(0, 0, `${input.keys}`);
        await indexes.create(input.database, input.collection, input.keys, input.options, work.signal);
      });
      return { task };
    }),
    dropIndex: os.dropIndex.handler(async ({ input, signal }) =>
      (await session(input)).indexes.drop(input.database, input.collection, input.name, signal ?? untilClosed),
    ),
    hideIndex: os.hideIndex.handler(async ({ input, signal }) =>
      (await session(input)).indexes.hide(input.database, input.collection, input.name, input.hidden, signal ?? untilClosed),
    ),

    validation: os.validation.handler(async ({ input, signal }) =>
      (await session(input)).collections.validation(input.database, input.collection, signal ?? untilClosed),
    ),
    setValidation: os.setValidation.handler(async ({ input, signal }) =>
      (await session(input)).collections.setValidation(input.database, input.collection, input, signal ?? untilClosed),
    ),
    checkValidation: os.checkValidation.handler(async ({ input, signal }) =>
      (await session(input)).collections.failing(input.database, input.collection, input.validator, input.timeout, signal ?? untilClosed),
    ),

    export: os.export.handler(async ({ input }) => {
      const asked = await session(input);
      const type = { lines: 'application/x-ndjson', array: 'application/json', csv: 'text/csv' }[input.format];
      const extension = { lines: 'ndjson', array: 'json', csv: 'csv' }[input.format];
      return parts.export(
        input.stack,
        `Exporting ${input.collection}`,
        { name: `${input.collection}.${extension}`, type },
        async (file, work) => {
          await asked.exportTo(file.path, input, work);
        },
      );
    }),
    lookIntoImport: os.lookIntoImport.handler(async ({ input }) => {
      await session(input);
      return lookInto((await parts.upload(input.upload)).path, input.format, input.types);
    }),
    import: os.import.handler(async ({ input }) => {
      const asked = await session(input);
      const file = await parts.upload(input.upload);
      const task = parts.work('import', input.stack, `Importing ${file.name} into ${input.collection}`, async (work) => {
        await asked.importFrom(file.path, input, work);
      });
      return { task };
    }),
    watch: os.watch.handler(async ({ input, signal }) =>
      parts.stream(input.stream, (await session(input)).watch(input, signal ?? untilClosed), signal),
    ),
  });
}

/** A document that was too big to be sent as a message. */
async function uploaded(parts: Parts, id: string): Promise<string> {
  const file = await parts.upload(id);
  if (file.bytes > limits.documentEjsonBytes) {
    throw new NoodleError({ code: 'too-large', what: 'This is bigger than any document that MongoDB takes.' });
  }
  return readFile(file.path, 'utf8');
}
