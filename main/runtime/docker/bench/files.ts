import type { BenchFiles } from '../../bench.ts';
import type { Helper } from '../copies/helper.ts';

/** Arguments of one command. */
const namesAtOnce = 200;

/** All is done by the small programs that every image has; paths and contents are arguments, never part of a script. @param user whose all of it is */
export function benchFiles(helper: Helper, depot: string, user: string, data: string | undefined): BenchFiles {
  const sh = async (script: string, args: readonly string[], doing: string): Promise<string> => {
    let printed = '';
    const command = ['/bin/sh', '-c', `umask 077; ${script}`, 'noodlebox', ...args];
    await helper.run(command, doing, {
      user,
      sink: (text) => {
        printed += text;
      },
    });
    return printed;
  };
  /** @returns undefined when the file is not there */
  const ofFile = async (script: string, args: readonly string[], doing: string): Promise<string | undefined> => {
    const printed = await sh(`[ -e "$1" ] || exit 0; printf there; ${script}`, args, doing);
    return printed.startsWith('there') ? printed.slice('there'.length) : undefined;
  };
  return {
    read: (path, last) => {
      const script = last === undefined ? 'cat "$1"' : 'tail -c "$2" "$1"';
      return ofFile(script, [path, String(last ?? 0)], `read ${path}`);
    },
    write: async (path, content) => {
      await sh('printf %s "$2" >"$1"', [path, content], `write ${path}`);
    },
    list: async (path) => {
      const printed = await sh('[ -d "$1" ] || exit 0; ls -A "$1"', [path], `list ${path}`);
      return printed.split('\n').filter(Boolean);
    },
    makeFolder: async (path) => void (await sh('mkdir -p "$1"', [path], `make ${path}`)),
    copy: async (from, to) => void (await sh('cp "$1" "$2"', [from, to], `copy ${from}`)),
    async copyAll(folder, names, to) {
      for (let at = 0; at < names.length; at += namesAtOnce) {
        const some = names.slice(at, at + namesAtOnce).map((name) => `${folder}/${name}`);
        await sh('to=$1; shift; cp "$@" "$to/"', [to, ...some], `copy ${folder}`);
      }
    },
    move: async (from, to) => void (await sh('mv -T "$1" "$2"', [from, to], `move ${from}`)),
    remove: async (path) => void (await sh('rm -rf "$1"', [path], `remove ${path}`)),
    size: async (path) => Number.parseInt(await sh('du -sk "$1"', [path], `measure ${path}`), 10) * 1024,
    free: async () => {
      const printed = await sh('df -Pk "$1"', [depot], 'see how much space is left');
      return Number(printed.trim().split('\n').at(-1)?.split(/\s+/)[3] ?? Number.NaN) * 1024;
    },
    hash: async (path, bytes) => {
      const printed = await ofFile('head -c "$2" "$1" | sha256sum', [path, String(bytes)], `read ${path}`);
      return printed?.slice(0, 64);
    },
    handOver: async () => {
      if (data) await sh('chmod 700 "$1"', [data], 'give the data to the server');
    },
    sync: () => helper.run(['sync'], 'write to the disk'),
  };
}
