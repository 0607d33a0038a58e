import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import { NoodleError } from '../errors.ts';
import { kindOf } from '../services/registry.ts';
import { serviceOf } from '../stack/order.ts';
import type { StackContext } from './context.ts';

/** The service of a kind: the one asked for, else the only one there is. @throws NoodleError bad-argument, unknown-service */
export function serviceOfKind(context: StackContext, kind: ServiceKindName, asked?: string): string {
  const { title } = kindOf(kind);
  const names = Object.values(context.definition.services).flatMap((spec) => (spec.kind === kind ? [spec.name] : []));
  if (asked !== undefined) {
    if (serviceOf(context.definition, asked).kind === kind) return asked;
    throw new NoodleError({ code: 'bad-argument', what: `${asked} is no ${title}.`, todo: `Name one of ${names.join(', ')}.` });
  }
  if (names.length === 1) return names[0]!;
  throw new NoodleError({
    code: 'unknown-service',
    what: names.length === 0 ? `This stack has no ${title}.` : `This stack has several of ${title}: ${names.join(', ')}.`,
    todo: names.length === 0 ? 'Look at another stack with --stack.' : 'Name one with --service.',
  });
}
