/** What goes wrong with servers that a bundle is pulled from, in words for whoever has given their connection strings. */
import type { TaskEvent } from '../../../preload/contract/models.ts';
import { asNoodleError, NoodleError, type Problem } from '../../errors.ts';
import type { Connection } from '../../services/kind.ts';
import { kindOf } from '../../services/registry.ts';
import type { Run } from './steps.ts';

/** @throws NoodleError that names the server, and says nothing of stacks: it is none of ours */
export async function told<T>(connection: Connection, act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    throw explained(error, connection);
  }
}

function explained(error: unknown, connection: Connection): NoodleError {
  const known = asNoodleError(error);
  const { problem } = known;
  const { title } = kindOf(connection.kind);
  const at = `${title} at ${connection.host}:${connection.port}`;
  const again = (words: Partial<Problem>) => new NoodleError({ ...problem, command: undefined, ...words }, { cause: error });
  switch (problem.code) {
    case 'wrong-password':
      return again({
        what: `${at} refuses ${connection.parts.user ? `the password of ${connection.parts.user}` : connection.parts.token === undefined ? 'the password' : 'the token'}.`,
        why: known.cause instanceof Error ? known.cause.message : undefined,
        todo: 'Mend it in what it is reached by, and try again.',
      });
    case 'service-unreachable':
      return again({
        what: `${at} does not answer.`,
        todo: 'See whether host and port are right, and whether this machine may reach them.',
      });
    case 'internal':
      return again({ code: 'query-failed', what: `${at} cannot be read.`, why: problem.what });
    case 'untrusted-server':
    case 'not-supported-by-server':
    case 'query-failed':
      return problem.what.includes(title) ? known : again({ what: `${title}: ${problem.what}` });
    default:
      return known;
  }
}

/** Does it with nothing secret of these servers in what is told: a driver may repeat what it was given. @throws NoodleError */
export async function withoutSecrets<T>(servers: readonly Connection[], run: Run, act: (run: Run) => Promise<T>): Promise<T> {
  const hidden = hiding(servers.flatMap(secretsOf));
  const onEvent = (event: TaskEvent) => run.onEvent(hiddenIn(event, hidden));
  try {
    return await act({ ...run, onEvent });
  } catch (error) {
    throw new NoodleError(hiddenInProblem(asNoodleError(error).problem, hidden));
  }
}

type Hide = (text: string) => string;

function secretsOf({ url, parts }: Connection): readonly string[] {
  const secrets = [parts.password, parts.token].filter((each) => each !== undefined && each !== '') as string[];
  const encoded = URL.canParse(url) ? new URL(url).password : '';
  return [...secrets, ...secrets.map(encodeURIComponent), ...(encoded === '' ? [] : [url, encoded])];
}

function hiding(secrets: readonly string[]): Hide {
  // The longest first: others may stand in it.
  const longest = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  return (text) => longest.reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

function hiddenIn(event: TaskEvent, hidden: Hide): TaskEvent {
  if (event.type === 'notice') return { ...event, message: hidden(event.message) };
  if (event.type !== 'operation' || !event.problem) return event;
  return { ...event, problem: hiddenInProblem(event.problem as Problem, hidden) };
}

function hiddenInProblem(problem: Problem, hidden: Hide): Problem {
  const { what, why, todo } = problem;
  return {
    ...problem,
    what: hidden(what),
    ...(why === undefined ? {} : { why: hidden(why) }),
    ...(todo === undefined ? {} : { todo: hidden(todo) }),
  };
}
