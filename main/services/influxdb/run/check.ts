/** What the server says of a query without running it, and which functions it has. */

import type { InfluxHttp } from '../query.ts';
import { problemsIn, type TextProblem } from '../query-error.ts';

export async function checkFlux(http: InfluxHttp, text: string, signal: AbortSignal): Promise<TextProblem[]> {
  if (text.trim() === '') return [];
  const body = { query: text, type: 'flux' };
  const { errors } = await http.call<{ errors: readonly { message: string }[] | null }>('POST', '/api/v2/query/analyze', { body, signal });
  const problems = (errors ?? []).flatMap(({ message }) => problemsIn(text, message));
  // One mistake may be told several times over.
  const seen = new Set<string>();
  return problems.filter(({ offset, message }) => {
    const key = `${offset} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

export interface FluxFunction {
  readonly name: string;
  readonly parameters: { name: string; type: string }[];
}

export async function fluxFunctions(http: InfluxHttp, signal: AbortSignal): Promise<FluxFunction[]> {
  const path = '/api/v2/query/suggestions';
  const { funcs } = await http.call<{ funcs: readonly { name: string; params: Readonly<Record<string, string>> | null }[] }>('GET', path, {
    signal,
  });
  return funcs
    .filter(({ name }) => !name.startsWith('_'))
    .map(({ name, params }) => ({
      name,
      parameters: Object.entries(params ?? {})
        .filter(([parameter]) => parameter !== 'tables')
        .map(([parameter, type]) => ({ name: parameter, type: type === 'invalid' ? '' : type })),
    }));
}
