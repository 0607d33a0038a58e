/** COMMAND DOCS: each command with a line of what it does and how it is written. */
import type { CommandDoc } from '../../../../preload/contract/cache-models.ts';
import { asArray, asRecord, asText, type RedisLink, type Reply } from '../link.ts';
import { dangerNamed } from './danger.ts';

/** Commands a server of an older version, without help, still has by name. */
export async function readCommandDocs(link: RedisLink): Promise<CommandDoc[]> {
  const [docs, names] = await link.pipeline([
    ['COMMAND', 'DOCS'],
    ['COMMAND', 'LIST'],
  ]);
  if (docs instanceof Error || docs === undefined) {
    const known = names instanceof Error ? [] : asArray(names).map((name) => (asText(name) ?? '').toUpperCase());
    return known
      .map((name) => ({ name, summary: '', group: '', since: '', usage: name, complexity: '', danger: dangerNamed(name) }))
      .sort(byName);
  }
  return Object.entries(asRecord(docs))
    .flatMap(([name, doc]) => docsOf(name, doc))
    .sort(byName);
}

/** A command and its subcommands. */
function docsOf(name: string, doc: Reply): CommandDoc[] {
  const told = asRecord(doc);
  const upper = name.toUpperCase().replace('|', ' ');
  const below = Object.entries(asRecord(told.subcommands ?? [])).flatMap(([sub, each]) => docsOf(sub, each));
  if (below.length > 0) return below;
  return [
    {
      name: upper,
      summary: asText(told.summary) ?? '',
      group: asText(told.group) ?? '',
      since: asText(told.since) ?? '',
      usage: [upper, ...asArray(told.arguments ?? []).map(usageOf)].join(' '),
      complexity: asText(told.complexity) ?? '',
      danger: dangerNamed(upper),
    },
  ];
}

/** One argument as the documentation writes it: `key [key ...]`, `[EX seconds | PX milliseconds]`. */
export function usageOf(argument: Reply): string {
  const told = asRecord(argument);
  const type = asText(told.type) ?? '';
  const token = asText(told.token) ?? '';
  const flags = asArray(told.flags ?? []).map((flag) => asText(flag));
  const parts = asArray(told.arguments ?? []).map(usageOf);
  const name = asText(told.display_text) ?? asText(told.name) ?? '';
  const inner = type === 'oneof' ? parts.join(' | ') : type === 'block' ? parts.join(' ') : type === 'pure-token' ? '' : name;
  let text = [token, inner].filter((part) => part !== '').join(' ');
  if (type === 'oneof' && !flags.includes('optional')) text = `<${text}>`;
  if (flags.includes('multiple')) text = `${text} [${text} ...]`;
  return flags.includes('optional') ? `[${text}]` : text;
}

function byName(a: CommandDoc, b: CommandDoc): number {
  return a.name < b.name ? -1 : 1;
}
