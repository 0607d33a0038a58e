import { describe, expect, it } from 'vitest';
import type { Definition, ServiceSpec } from '../spec.ts';
import { containerOptions } from './container.ts';
import { refusalProblem } from './engine/refusal.ts';
import { healthCommand } from './probe.ts';

const spec: ServiceSpec = {
  name: 'db',
  kind: 'postgres',
  image: 'postgres:17',
  entrypoint: undefined,
  command: ['postgres', '-c', 'fsync=on'],
  environment: { A: '1', B: 'x=y' },
  user: '999',
  workingDir: '/srv',
  hostname: 'db-host',
  ports: [
    { target: 5432, published: 5433, hostIp: '127.0.0.1', protocol: 'tcp' },
    { target: 5432, published: undefined, hostIp: '127.0.0.1', protocol: 'tcp' },
  ],
  mounts: [
    { type: 'volume', source: 'data', target: '/data', readOnly: false },
    { type: 'bind', source: '/srv/conf', target: '/conf', readOnly: true },
    { type: 'tmpfs', target: '/run' },
  ],
  configs: [],
  healthcheck: { test: ['CMD', 'pg_isready'], interval: 5_000, timeout: 3_000, retries: 10, startPeriod: 1_000 },
  dependsOn: { redis: 'service_healthy' },
  networks: ['front', 'back'],
  labels: { 'io.noodlebox.kind': 'postgres', 'com.docker.compose.project': 'forged' },
  profiles: [],
  stopGrace: 1_500,
  stopSignal: 'SIGINT',
  restart: 'unless-stopped',
  memoryLimit: 1_000_000,
  shmSize: 64_000_000,
  ulimits: { nofile: { soft: 1, hard: 2 } },
  init: true,
};
const definition: Definition = {
  name: 'shop',
  file: '/srv/shop/compose.yaml',
  services: { db: spec },
  volumes: { data: { key: 'data', name: 'shop_data', external: false, labels: {} } },
  networks: { front: { key: 'front', name: 'shop_front', external: false, internal: false, labels: {} } },
};

describe('a container as the engine takes it', () => {
  it('holds all the definition says', () => {
    expect(containerOptions(definition, spec, 'abc')).toEqual({
      Image: 'postgres:17',
      Entrypoint: undefined,
      Cmd: ['postgres', '-c', 'fsync=on'],
      Env: ['A=1', 'B=x=y'],
      User: '999',
      WorkingDir: '/srv',
      Hostname: 'db-host',
      Labels: {
        'io.noodlebox.kind': 'postgres',
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'db',
        'com.docker.compose.container-number': '1',
        'com.docker.compose.oneoff': 'False',
        'com.docker.compose.config-hash': 'abc',
        'com.docker.compose.depends_on': 'redis:service_healthy:false',
        'com.docker.compose.project.working_dir': '/srv/shop',
        'com.docker.compose.project.config_files': '/srv/shop/compose.yaml',
        'com.docker.compose.version': expect.any(String),
        'io.noodlebox.spec-hash': 'abc',
      },
      ExposedPorts: { '5432/tcp': {} },
      StopSignal: 'SIGINT',
      StopTimeout: 2,
      Healthcheck: { Test: ['CMD', 'pg_isready'], Interval: 5e9, Timeout: 3e9, StartPeriod: 1e9, Retries: 10 },
      HostConfig: {
        PortBindings: {
          '5432/tcp': [
            { HostIp: '127.0.0.1', HostPort: '5433' },
            { HostIp: '127.0.0.1', HostPort: '' },
          ],
        },
        Mounts: [
          { Type: 'volume', Source: 'shop_data', Target: '/data', ReadOnly: false },
          { Type: 'bind', Source: '/srv/conf', Target: '/conf', ReadOnly: true },
          { Type: 'tmpfs', Source: '', Target: '/run' },
        ],
        NetworkMode: 'shop_front',
        RestartPolicy: { Name: 'unless-stopped' },
        Memory: 1_000_000,
        ShmSize: 64_000_000,
        Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
        Init: true,
      },
      NetworkingConfig: { EndpointsConfig: { shop_front: { Aliases: ['shop-db-1', 'db'] } } },
    });
  });
});

describe('a health check', () => {
  it.each([
    [
      ['CMD', 'a', 'b'],
      ['a', 'b'],
    ],
    [
      ['CMD-SHELL', 'a | b'],
      ['/bin/sh', '-c', 'a | b'],
    ],
    [['NONE'], undefined],
    [[], undefined],
    [undefined, undefined],
  ])('%j runs %j', (test, command) => {
    expect(healthCommand(test)).toEqual(command);
  });
});

describe('what an engine refuses', () => {
  it.each([
    [
      500,
      'driver failed programming external connectivity on endpoint shop-db-1 (abc): Bind for 127.0.0.1:5432 failed: port is already allocated',
      'port-taken',
      'Port 5432',
    ],
    [
      500,
      'driver failed programming external connectivity on endpoint x: Error starting userland proxy: listen tcp4 127.0.0.1:6379: bind: address already in use',
      'port-taken',
      'Port 6379',
    ],
    [500, 'failed to bind host port for 0.0.0.0:8080:172.18.0.2:8080/tcp: address already in use', 'port-taken', 'Port 8080'],
    [
      500,
      'Ports are not available: exposing port TCP 127.0.0.1:8086 -> 0.0.0.0:0: listen tcp 127.0.0.1:8086: bind: address already in use',
      'port-taken',
      'Port 8086',
    ],
    [500, 'mkdir /var/lib/docker/overlay2/x: no space left on device', 'disk-full', 'disk is full'],
    [404, 'No such image: postgres:17', 'image-unavailable', 'image is not on the engine'],
    [400, 'invalid mount config for type "bind": bind source path does not exist: /x', 'engine-refused', 'refused to start db'],
    [502, '', 'engine-refused', 'refused to start db'],
  ])('%i %s', (status, message, code, what) => {
    const problem = refusalProblem(status, message, 'start db');
    expect(problem.code).toBe(code);
    expect(problem.what).toContain(what);
  });
});
