/** Where engines are known to listen when nobody says. */
import { join } from 'node:path';

export interface SocketPlaces {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** undefined on Windows */
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface KnownSocket {
  /** Whose it is. */
  readonly owner: string;
  readonly path: string;
}

/** In the order they are tried: the system's Docker, a user's own, then what stands in for it. */
export function knownSockets(places: SocketPlaces): readonly KnownSocket[] {
  if (places.platform === 'win32') return windowsPipes;
  const runtimeFolder =
    places.env.XDG_RUNTIME_DIR || (places.uid !== undefined && places.platform === 'linux' ? `/run/user/${places.uid}` : undefined);
  const inHome = (owner: string, ...parts: string[]): KnownSocket => ({ owner, path: join(places.home, ...parts) });
  const inRuntime = (owner: string, ...parts: string[]): KnownSocket[] =>
    runtimeFolder ? [{ owner, path: join(runtimeFolder, ...parts) }] : [];
  return [
    { owner: 'Docker', path: '/var/run/docker.sock' },
    ...inRuntime('Docker, rootless', 'docker.sock'),
    inHome('Docker Desktop', '.docker', 'run', 'docker.sock'),
    inHome('Docker Desktop', '.docker', 'desktop', 'docker.sock'),
    inHome('OrbStack', '.orbstack', 'run', 'docker.sock'),
    inHome('Colima', '.colima', 'default', 'docker.sock'),
    inHome('Colima', '.config', 'colima', 'default', 'docker.sock'),
    inHome('Rancher Desktop', '.rd', 'docker.sock'),
    ...inRuntime('Podman', 'podman', 'podman.sock'),
    { owner: 'Podman', path: '/run/podman/podman.sock' },
    inHome('Podman machine', '.local', 'share', 'containers', 'podman', 'machine', 'podman.sock'),
  ];
}

const windowsPipes: readonly KnownSocket[] = [
  { owner: 'Docker', path: '//./pipe/docker_engine' },
  { owner: 'Docker Desktop', path: '//./pipe/dockerDesktopLinuxEngine' },
  { owner: 'Podman machine', path: '//./pipe/podman-machine-default' },
];
