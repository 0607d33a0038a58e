import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceKindNames } from '../../../preload/contract/kinds.ts';
import { readText } from '../../home/files.ts';
import { readDefinition } from './definition.ts';
import { specHash } from './hash.ts';
import { interpolate } from './interpolate.ts';
import { words } from './scalars.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-definition-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(yaml: string, variables: Record<string, string> = {}) {
  const file = join(folder, 'compose.yaml');
  await writeFile(file, yaml);
  return readDefinition(file, { name: 'box', variables });
}

describe('variables', () => {
  const variables = { SET: 'value', EMPTY: '' };
  it.each([
    ['$SET-${SET}', 'value-value'],
    ['${UNSET}', ''],
    ['${UNSET:-default}', 'default'],
    ['${EMPTY:-default}|${EMPTY-default}', 'default|'],
    ['${SET:+other}|${EMPTY:+other}|${EMPTY+other}', 'other||other'],
    ['${UNSET:-${EMPTY:-${SET}}}', 'value'],
    ['$$SET costs 5$$', '$SET costs 5$'],
    ['${SET:?needed}', 'value'],
  ])('in %s become %s', (text, expected) => expect(interpolate(text, variables)).toBe(expected));

  it.each(['${', '${SET', '${:-x}', '$ ', '${SET*}'])('are refused when written as %s', (text) =>
    expect(() => interpolate(text, variables)).toThrow());
});

describe('a command line', () => {
  it.each([
    ['redis-server --save ""', ['redis-server', '--save', '']],
    [`sh -c 'echo "a b"' c\\ d`, ['sh', '-c', 'echo "a b"', 'c d']],
    ['a"b c"d', ['ab cd']],
  ])('%s is split as a shell would', (line, expected) => expect(words(line)).toEqual(expected));
});

describe("Noodlebox's own compose file", () => {
  const file = fileURLToPath(new URL('../../../compose/compose.yaml', import.meta.url));
  const example = fileURLToPath(new URL('../../../compose/.env.example', import.meta.url));

  it('is read with the sample .env, five kinds of server on loopback', async () => {
    const variables = parseEnv((await readText(example))!) as Record<string, string>;
    const definition = await readDefinition(file, { variables });
    expect(definition.name).toBe('noodlebox');
    expect(Object.values(definition.services).map(({ kind }) => kind)).toEqual([...serviceKindNames]);
    const ports = Object.values(definition.services).flatMap((spec) => spec.ports);
    expect(new Set(ports.map(({ hostIp }) => hostIp))).toEqual(new Set(['127.0.0.1']));
    expect(Object.values(definition.services).every((spec) => spec.healthcheck && spec.mounts.length > 0)).toBe(true);
  });

  it('asks for a secret that is missing by its name, its line and the command that makes it', async () => {
    await expect(readDefinition(file, { variables: {} })).rejects.toMatchObject({
      problem: {
        code: 'variable-missing',
        what: expect.stringMatching(/compose\.yaml:\d+: the variable NOODLEBOX_POSTGRES_PASSWORD/),
        command: 'noodlebox env --init',
      },
    });
  });
});

describe('a compose file', () => {
  it('may use the short or the long form of everything', async () => {
    const short = await read(
      `
services:
  db:
    image: db:\${TAG:-1}
    command: serve --quiet
    environment: [A=1, B]
    ports: ["127.0.0.1:5432:5432", "80", "53:53/udp"]
    volumes: ["data:/data:ro", "./conf:/conf"]
    tmpfs: /run
  app: {image: app, depends_on: [db], mem_limit: 64m, stop_grace_period: 1m30s}
volumes: {data: }
`,
      { B: 'from the shell' },
    );
    const long = await read(`
services:
  db:
    image: db:1
    command: [serve, --quiet]
    environment: {A: 1, B: from the shell}
    ports:
      - {target: 5432, published: 5432, host_ip: 127.0.0.1}
      - {target: 80}
      - {target: 53, published: "53", protocol: udp}
    volumes:
      - {type: volume, source: data, target: /data, read_only: true}
      - {type: bind, source: ./conf, target: /conf}
      - {type: tmpfs, target: /run}
  app:
    image: app
    depends_on: {db: {condition: service_started}}
    mem_limit: 67108864
    stop_grace_period: 90s
volumes: {data: }
`);
    expect(short).toEqual(long);
    expect(short.services.app).toMatchObject({ memoryLimit: 64 * 2 ** 20, stopGrace: 90_000, dependsOn: { db: 'service_started' } });
  });

  it('puts a config into the service by its content, from a file or inline', async () => {
    await writeFile(join(folder, 'a.conf'), 'from a file $NOT_INTERPOLATED');
    const { services } = await read(
      `
services:
  db: {image: db, configs: [a, {source: b, target: /etc/b, mode: 0440}]}
configs:
  a: {file: ./a.conf}
  b: {content: "inline \${X}"}
`,
      { X: 'x' },
    );
    expect(services.db!.configs).toEqual([
      { target: '/a', content: 'from a file $NOT_INTERPOLATED', mode: 0o444, uid: 0, gid: 0 },
      { target: '/etc/b', content: 'inline x', mode: 0o440, uid: 0, gid: 0 },
    ]);
  });

  it.each([
    [
      'a key that is not honoured',
      'services:\n  db:\n    image: db\n    privileged: true\n',
      'definition-key-unsupported',
      /compose\.yaml:4: the key "services\.db\.privileged"/,
    ],
    [
      'an unknown top-level key',
      'services: {db: {image: db}}\nsecrets: {a: {}}\n',
      'definition-key-unsupported',
      /compose\.yaml:2: the key "secrets"/,
    ],
    ['bad YAML', 'services:\n  db: [\n', 'definition-invalid', /compose\.yaml:\d+:\d+: this is not valid YAML/],
    [
      'a circle of dependencies',
      'services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, depends_on: [a]}\n',
      'definition-invalid',
      /a → b → a/,
    ],
    ['a dependency that is not there', 'services:\n  a: {image: a, depends_on: [b]}\n', 'definition-invalid', /depends on "b"/],
    [
      'an undeclared volume',
      'services:\n  a: {image: a, volumes: ["data:/data"]}\n',
      'definition-invalid',
      /volume "data" is not declared/,
    ],
    [
      'a port out of range',
      'services:\n  a:\n    image: a\n    ports: ["70000:1"]\n',
      'definition-invalid',
      /compose\.yaml:4.*70000 is no port/,
    ],
    [
      'an unknown kind of server',
      'services:\n  a: {image: a, labels: {io.noodlebox.kind: oracle}}\n',
      'definition-invalid',
      /must be one of postgres/,
    ],
    ['a service without an image', 'services:\n  a: {command: x}\n', 'definition-invalid', /has no image/],
    ['no services', 'volumes: {}\n', 'definition-invalid', /no services/],
  ])('with %s is refused at its line', async (_what, yaml, code, what) => {
    await expect(read(yaml)).rejects.toMatchObject({ problem: { code, what: expect.stringMatching(what) } });
  });

  it('that is not there is named', async () => {
    await expect(readDefinition(join(folder, 'none.yaml'), { variables: {} })).rejects.toMatchObject({ code: 'definition-missing' });
  });
});

describe('the hash of a service', () => {
  it('changes with anything it is made of and with nothing else', async () => {
    const yaml = (image: string, extra = '') => `services: {db: {image: "${image}", environment: {B: 2, A: 1}${extra}}}`;
    const hash = async (text: string) => specHash((await read(text)).services.db!);
    expect(await hash(yaml('db:1'))).toBe(await hash('services: {db: {environment: {A: 1, B: 2}, image: "db:1", profiles: [x]}}'));
    expect(await hash(yaml('db:1'))).not.toBe(await hash(yaml('db:2')));
    expect(await hash(yaml('db:1'))).not.toBe(await hash(yaml('db:1', ', ports: ["1:1"]')));
  });
});
