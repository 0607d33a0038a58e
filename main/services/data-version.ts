/**
 * The major version in an image reference (`postgres:17.10-bookworm`, `host:5000/team/postgres:17@sha256:…`)
 * or in a version (`17.10.0`); undefined when it names none, as `latest` does.
 */
export function majorVersion(imageOrVersion: string): string | undefined {
  const reference = imageOrVersion.split('@', 1)[0]!;
  const lastSegment = reference.slice(reference.lastIndexOf('/') + 1);
  const tag = lastSegment.slice(lastSegment.lastIndexOf(':') + 1);
  return /^v?(\d+)(?:[.-]|$)/.exec(tag)?.[1];
}
