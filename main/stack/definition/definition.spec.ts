import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceKindNames } from '../../../preload/contract/kinds.ts';
import { readText } from '../../home/files.ts';
import { readDefinition } from './definition.ts';
import { specHash } from './hash.ts';

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

describe("Noodlebox's own compose file", () => {
  const file = fileURLToPath(new URL('../../../compose/compose.yaml', import.meta.url));
  const example = fileURLToPath(new URL('../../../compose/.env.example', import.meta.url));

  it('takes the name it is given, then the one in NOODLEBOX_STACK', async () => {
    const variables = { ...(parseEnv((await readText(example))!) as Record<string, string>), NOODLEBOX_STACK: 'other' };
    expect((await readDefinition(file, { variables })).name).toBe('other');
    const { networks, volumes } = await readDefinition(file, { name: 'box', variables });
    expect([networks.default!.name, volumes['redis-data']!.name]).toEqual(['box_default', 'box_redis-data']);
  });

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

  it('may repeat itself by anchors, aliases and merges', async () => {
    const { services } = await read(`
x-common: &common
  restart: always
  environment: &environment {A: 1, B: 2}
services:
  db: {<<: *common, image: db, labels: {a: }}
  app:
    <<: *common
    image: app
    environment: {<<: *environment, B: 3}
`);
    expect(services.db).toMatchObject({ restart: 'always', environment: { A: '1', B: '2' }, labels: { a: '' } });
    expect(services.app).toMatchObject({ restart: 'always', environment: { A: '1', B: '3' } });
  });

  it('names its stack after its folder when it has no name, as compose does', async () => {
    const file = join(folder, 'My Stack_1', 'compose.yaml');
    await mkdir(dirname(file));
    await writeFile(file, 'services: {db: {image: db}}');
    expect((await readDefinition(file, { variables: {} })).name).toBe('mystack_1');
  });

  it('refuses a name that no stack can have', async () => {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, 'name: My Stack\nservices: {db: {image: db}}');
    await expect(readDefinition(file, { variables: {} })).rejects.toMatchObject({
      problem: { code: 'definition-invalid', what: expect.stringMatching(/:1: "name" cannot be used: "My Stack"/) },
    });
  });

  it('mounts paths of this machine from its own folder, from home and from a Windows drive', async () => {
    const { services } = await read(`
services:
  db:
    image: db
    volumes: ['./a:/a', '~/b:/b:ro', '/c:/c', 'C:\\d:/d', 'd:/e:rw']
volumes: {d: }
`);
    expect(services.db!.mounts).toEqual([
      { type: 'bind', source: join(folder, 'a'), target: '/a', readOnly: false },
      { type: 'bind', source: join(homedir(), 'b'), target: '/b', readOnly: true },
      { type: 'bind', source: '/c', target: '/c', readOnly: false },
      { type: 'bind', source: resolve(folder, 'C:\\d'), target: '/d', readOnly: false },
      { type: 'volume', source: 'd', target: '/e', readOnly: false },
    ]);
  });

  it.each(['[NONE]', '[CMD, NONE]'])('takes %s for the test it is', async (test) => {
    const { services } = await read(`services: {db: {image: db, healthcheck: {test: ${test}}}}`);
    expect(services.db!.healthcheck?.test).toEqual(test === '[NONE]' ? undefined : ['CMD', 'NONE']);
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
    [
      'a dependency that need not be there',
      'services:\n  a:\n    image: a\n    depends_on: {b: {required: false}}\n  b: {image: b}\n',
      'definition-key-unsupported',
      /compose\.yaml:4: the key "services\.a\.depends_on\.b\.required"/,
    ],
    [
      'an alias on a network',
      'services:\n  a:\n    image: a\n    networks: {default: {aliases: [b]}}\n',
      'definition-key-unsupported',
      /:4: the key "services\.a\.networks\.default\.aliases"/,
    ],
    [
      'a merged key that is not honoured',
      'x-a: &a {privileged: true}\nservices:\n  a: {<<: *a, image: a}\n',
      'definition-key-unsupported',
      /:1: the key "services\.a\.<<\.privileged"/,
    ],
    [
      'another file to extend',
      'services:\n  a: {extends: {file: b.yaml}}\n',
      'definition-key-unsupported',
      /:2: the key "services\.a\.extends"/,
    ],
    ['other files to include', 'include: [b.yaml]\nservices: {a: {image: a}}\n', 'definition-key-unsupported', /:1: the key "include"/],
    ['a key that is there twice', 'services:\n  a: {image: a}\n  a: {image: b}\n', 'definition-invalid', /:3:\d+: this is not valid YAML/],
    ['a service named like a path', 'services:\n  ../a: {image: a}\n', 'definition-invalid', /:2: "services\.\.\.\/a" cannot be used/],
    ['options of a tmpfs', 'services:\n  a: {image: a, tmpfs: ["/run:size=1m"]}\n', 'definition-invalid', /:2.*options of a tmpfs/],
    [
      'a config of decimal permissions',
      'services:\n  a: {image: a, configs: [{source: c, mode: 288}]}\nconfigs: {c: {content: x}}\n',
      'definition-invalid',
      /:2.*octal/,
    ],
    ['a config that is not there', 'services:\n  a: {image: a, configs: [c]}\n', 'definition-invalid', /:2.*"c" is not declared/],
    [
      'a config whose file is not there',
      'services: {a: {image: a}}\nconfigs:\n  c: {file: ./none.conf}\n',
      'definition-invalid',
      /:3.*none\.conf cannot be read/,
    ],
    ['an undeclared network', 'services:\n  a: {image: a, networks: [b]}\n', 'definition-invalid', /:2.*"b" is not declared/],
    ['an anonymous volume', 'services:\n  a: {image: a, volumes: ["/data"]}\n', 'definition-invalid', /:2.*anonymous/],
    ['a range of ports', 'services:\n  a: {image: a, ports: ["8000-8010:8000"]}\n', 'definition-invalid', /:2.*a port is written as/],
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
