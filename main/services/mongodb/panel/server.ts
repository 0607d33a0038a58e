/** What the server is and can do, asked of itself once a session. */
import type { Db } from 'mongodb';
import type { DocumentServer } from '../../../../preload/contract/documents.ts';
import { askCapabilities, lacksOf } from '../capabilities.ts';
import { isServerError, serverCode } from '../errors.ts';
import { codes } from './failure.ts';
import type { Link } from './link.ts';

const nowhere = 'noodlebox_capability_probe';

/** Stages offered by the builder, each with a harmless form to ask the server by. */
const stages: Readonly<Record<string, unknown>> = {
  $match: {},
  $project: { a: 1 },
  $group: { _id: null },
  $sort: { a: 1 },
  $limit: 1,
  $skip: 1,
  $unwind: '$a',
  $lookup: { from: nowhere, localField: 'a', foreignField: 'b', as: 'c' },
  $addFields: { a: 1 },
  $set: { a: 1 },
  $unset: 'a',
  $count: 'a',
  $sortByCount: '$a',
  $bucket: { groupBy: '$a', boundaries: [0, 1], default: 'x' },
  $bucketAuto: { groupBy: '$a', buckets: 2 },
  $facet: { all: [{ $match: {} }] },
  $replaceRoot: { newRoot: '$$ROOT' },
  $replaceWith: '$$ROOT',
  $sample: { size: 1 },
  $graphLookup: { from: nowhere, startWith: '$a', connectFromField: 'a', connectToField: 'b', as: 'c' },
  $unionWith: nowhere,
  $setWindowFields: { sortBy: { a: 1 }, output: { b: { $sum: '$a' } } },
  $densify: { field: 'a', range: { step: 1, bounds: [0, 1] } },
  $fill: { output: { a: { value: 0 } } },
  $redact: '$$KEEP',
};

export class ServerAsked {
  readonly #link: Link;
  #told: Promise<DocumentServer> | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** @throws NoodleError service-unreachable */
  tell(signal: AbortSignal): Promise<DocumentServer> {
    this.#told ??= this.#ask(signal);
    const asking = this.#told;
    asking.catch(() => {
      if (this.#told === asking) this.#told = undefined;
    });
    return asking;
  }

  /** Whoever leaves does not end it for the others that wait. */
  async #ask(signal: AbortSignal): Promise<DocumentServer> {
    return this.#link.told(signal, async () => {
      const database = (await this.#link.client()).db(this.#link.database);
      const [build, capabilities, collation, indexUsage, views, explain, known] = await Promise.all([
        database.admin().command({ buildInfo: 1 }),
        askCapabilities(database),
        accepts(database, { find: nowhere, filter: {}, collation: { locale: 'en' }, limit: 1 }),
        accepts(database, { aggregate: nowhere, pipeline: [{ $indexStats: {} }], cursor: {} }),
        accepts(database, { collMod: nowhere, viewOn: nowhere, pipeline: [] }),
        accepts(database, { explain: { find: nowhere, filter: {} }, verbosity: 'queryPlanner' }),
        Promise.all(Object.entries(stages).map(async ([name, form]) => ((await knowsStage(database, { [name]: form })) ? [name] : []))),
      ]);
      const names = new Set(known.flat());
      const program = build.ferretdbVersion ? `FerretDB ${String(build.ferretdbVersion).replace(/^v/, '')}` : `MongoDB ${build.version}`;
      const can = {
        changeStreams: capabilities.changeStreams,
        transactions: capabilities.transactions,
        validators: capabilities.validators,
        collation,
        sample: names.has('$sample'),
        indexUsage,
        explain,
        views,
      };
      return {
        program,
        version: String(build.version),
        database: this.#link.database,
        can,
        stages: [...names],
        lacks: [...new Set([...lacksOf(capabilities), ...lacking(can)])],
      };
    });
  }
}

function lacking(can: DocumentServer['can']): string[] {
  const words: Partial<Record<keyof DocumentServer['can'], string>> = {
    collation: 'collation',
    indexUsage: 'counts of index use',
    views: 'views',
    explain: 'explain',
  };
  return Object.entries(words).flatMap(([name, word]) => (can[name as keyof DocumentServer['can']] ? [] : [word]));
}

/** The server did it, or only missed the collection. */
async function accepts(database: Db, command: Record<string, unknown>): Promise<boolean> {
  try {
    await database.command(command);
    return true;
  } catch (error) {
    if (!isServerError(error)) throw error;
    return serverCode(error) === codes.namespaceNotFound;
  }
}

/** A stage whose form it dislikes is one that it knows. */
async function knowsStage(database: Db, stage: Record<string, unknown>): Promise<boolean> {
  try {
    await database.command({ aggregate: nowhere, pipeline: [stage], cursor: {} });
    return true;
  } catch (error) {
    if (!isServerError(error)) throw error;
    const code = serverCode(error);
    const missing = code === codes.unknownStage || code === codes.notImplemented || code === codes.commandNotFound;
    return !missing && !/not (yet )?implemented|not supported|unrecognized pipeline stage/i.test((error as Error).message);
  }
}
