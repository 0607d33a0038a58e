import { connectionTo, instanceOf, type StackContext } from './context.ts';

/** Variables an application reads to reach the stack, by customary names; secrets included. */
export async function environmentOf(context: StackContext): Promise<Readonly<Record<string, string>>> {
  const observed = await context.runtime.observe(context.definition);
  const variables: Record<string, string> = {};
  for (const spec of Object.values(context.definition.services)) {
    Object.assign(variables, connectionTo(context, spec, instanceOf(observed, spec.name))?.environment);
  }
  return variables;
}

/** What the .env beside the compose file has to hold for plain `docker compose` to run this very stack. */
export function composeVariables(context: StackContext): Readonly<Record<string, string>> {
  const variables: Record<string, string> = { COMPOSE_PROJECT_NAME: context.name, ...context.credentials };
  for (const [variable, [service, target]] of Object.entries(portVariables)) {
    const port = context.definition.services[service]?.ports.find((one) => one.target === target)?.published;
    if (port !== undefined) variables[variable] = String(port);
  }
  return variables;
}

/** The port variables of compose/compose.yaml, and what each publishes. */
const portVariables: Readonly<Record<string, readonly [service: string, target: number]>> = {
  NOODLEBOX_POSTGRES_PORT: ['postgres', 5432],
  NOODLEBOX_REDIS_PORT: ['redis', 6379],
  NOODLEBOX_PULSAR_PORT: ['pulsar', 6650],
  NOODLEBOX_PULSAR_HTTP_PORT: ['pulsar', 8080],
  NOODLEBOX_MONGODB_PORT: ['mongodb', 27017],
  NOODLEBOX_INFLUXDB_PORT: ['influxdb', 8086],
};
