/** A plan's text as a plan, in whichever of EXPLAIN's forms it was pasted. */
import { parseJsonPlan } from './parse-json.ts';
import { parseTextPlan } from './parse-text.ts';
import { type Plan, planOf } from './plan.ts';

/** @throws Error saying what is the matter */
export function parsePlan(pasted: string): Plan {
  const text = unframed(pasted);
  if (text.trim() === '') throw new Error('There is nothing to read.');
  const json = jsonIn(text);
  const raw = json !== undefined ? parseJsonPlan(json) : parseTextPlan(text);
  if (raw === undefined) throw new Error('This is no plan: paste what EXPLAIN printed, as text or as JSON.');
  return planOf(raw);
}

/** Takes off what tools put around a plan: psql's heading, borders and line marks, quotes of a CSV, the row count. */
function unframed(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/^\s?[│|] ?(.*?)\s*[│|]\s*$/, '$1')
        .replace(/\s*\+\s*$/, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .filter((line) => !/^\s*(QUERY PLAN|[-─+┌┐└┘├┤═]{3,}|\(\d+ rows?\))\s*$/.test(line))
    .join('\n');
}

function jsonIn(text: string): unknown {
  const from = text.search(/[[{]/);
  if (from < 0 || text.slice(0, from).trim() !== '') return undefined;
  for (const candidate of [text, text.replaceAll('""', '"')]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The other form, or none.
    }
  }
  return undefined;
}
