/** Why an image did not come, in words a person can act on. */
import type { Problem } from '../../../errors.ts';
import { refusalProblem } from '../engine/refusal.ts';
import { registryOf } from './reference.ts';

/**
 * Sorts the engine's or registry's sentence: unreachable, too many pulls, not there, not allowed, or
 * something else. The order matters: Docker Hub says "repository does not exist or may require
 * 'docker login'" for both.
 */
export function pullProblem(image: string, message: string): Problem {
  if (/no space left on device/i.test(message)) return refusalProblem(500, message, `pull ${image}`);
  const registry = registryOf(image);
  const why = message.trim().replace(/[.]?$/, '.');
  if (/toomanyrequests|429 Too Many Requests/i.test(message)) {
    return problem(
      `The registry ${registry} lets nobody pull that much: ${image} was not pulled.`,
      why,
      'Log in to the registry, or wait until its limit has passed.',
      `docker login ${registry}`,
    );
  }
  if (unreachable.test(message)) {
    return problem(
      `The registry ${registry} can't be reached, and the image ${image} is not on this engine.`,
      why,
      'Connect to the network (or set the proxy of the engine), or name another image by its variable, then run the same command again.',
    );
  }
  if (
    /manifest( for .*)? (unknown|not found)|not found: manifest|name unknown|repository .* not found|no matching manifest/i.test(message)
  ) {
    return problem(
      `There is no image ${image} at the registry ${registry}.`,
      why,
      'Look for a typing error in its name and tag, and whether it exists for this machine.',
    );
  }
  if (/pull access denied|unauthorized|authentication required|denied:|no basic auth credentials|access forbidden/i.test(message)) {
    return problem(
      `The registry ${registry} does not hand out ${image}.`,
      why,
      'See that the name is right; if it is private, log in.',
      `docker login ${registry}`,
    );
  }
  return problem(`The image ${image} could not be pulled.`, why, 'Try to pull it by hand to see more.', `docker pull ${image}`);
}

const unreachable =
  /dial (tcp|udp)|lookup .*|no such host|i\/o timeout|connection refused|connection reset|network is unreachable|no route to host|TLS handshake|Client\.Timeout|request canceled|context deadline exceeded|proxyconnect|unexpected EOF|: EOF$|50[234] /i;

function problem(what: string, why: string, todo: string, command?: string): Problem {
  return { code: 'image-unavailable', what, why, todo, command };
}
