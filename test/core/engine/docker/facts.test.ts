import { hostname, release, totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { daemonFacts } from '../../../../src/core/engine/docker/facts.ts';

const info = {
  CgroupVersion: '2',
  CgroupDriver: 'systemd',
  Driver: 'overlay2',
  DefaultRuntime: 'runc',
  DockerRootDir: '/var/lib/docker',
};
const version = {
  Version: '26.1.5',
  ApiVersion: '1.45',
  Components: [{ Name: 'containerd', Version: '1.7.24' }],
};
const endpoint = 'unix:///run/docker.sock';
const peer = { kind: 'docker', endpoint, transport: 'unix' } as const;

test('a daemon that says what is needed', () => {
  expect(daemonFacts({ info, version }, peer)).toEqual({
    engine: {
      kind: 'docker',
      endpoint,
      transport: 'unix',
      local: true,
      version: '26.1.5',
      apiVersion: '1.45',
      cgroupVersion: '2',
      cgroupDriver: 'systemd',
      storageDriver: 'overlay2',
      defaultRuntime: 'runc',
      containerdVersion: '1.7.24',
    },
    dataRoot: '/var/lib/docker',
  });
});

test('podman is known by its components, whatever its address is', () => {
  const components = [
    { Name: 'Podman Engine', Version: '5.4.2' },
    { Name: 'Conmon', Version: '2.1.12' },
  ];
  const podman = { Version: '5.4.2', ApiVersion: '1.41', Components: components };
  expect(daemonFacts({ info, version: podman }, peer).engine).toMatchObject({
    kind: 'docker',
    product: 'Podman',
    version: '5.4.2',
    containerdVersion: null,
  });
});

test.each([
  [
    { ...version, ApiVersion: '1.40', Version: '19.03.15' },
    /Docker 19\.03\.15 speaks API 1\.40, and ocibench needs 1\.41/,
  ],
  [{ ...version, ApiVersion: '1.9' }, /too old/],
  [{ ...version, ApiVersion: undefined }, /answer to \/version lacks ApiVersion/],
  [null, /answer to \/version lacks everything/],
])('one that is too old or says too little is refused by name: %j', (old, message) => {
  expect(() => daemonFacts({ info, version: old }, peer)).toThrow(
    expect.objectContaining({ exitCode: 3, message: expect.stringMatching(message) }),
  );
});

test('every field that is missing is named', () => {
  const { CgroupDriver: _, DefaultRuntime: __, ...less } = info;
  expect(() => daemonFacts({ info: less, version }, peer)).toThrow(
    /answer to \/info lacks CgroupDriver, DefaultRuntime/,
  );
});

test('over TCP it is on this machine only where a dockerd of this machine accepted, and what it tells fits', () => {
  const told = { ...info, KernelVersion: release(), Name: hostname(), MemTotal: totalmem() };
  const tls = { ...peer, endpoint: 'tcp://127.0.0.1:2376', transport: 'tls' } as const;
  const placed = (answer: object, more: object = {}) =>
    daemonFacts({ info: answer, version }, { ...tls, ...more }).engine;
  expect(placed(told, { dockerd: 77 })).toMatchObject({ local: true });
  expect(placed(told, { dockerd: 77 })).not.toHaveProperty('hidden');
  expect(placed(told)).toMatchObject({ local: false, hidden: 'remote' });
  expect(placed(info, { dockerd: 77 })).toMatchObject({ local: false, hidden: 'other-kernel' });
});
