import { expect, test } from 'vitest';
import { type DaemonConfig, daemonKeys } from '../../../../src/core/config/daemon-keys.ts';
import { optionOf, whyNotMeasured } from '../../../../src/features/options/explain/catalogue.ts';

const keys = Object.keys(daemonKeys) as (keyof DaemonConfig)[];

test.each(keys)('%s is explained', (key) => {
  expect(optionOf(key).what.text).toMatch(/^[A-Z/].*\.$/s);
});

test('no key is explained that dockerd does not know', () => {
  expect(() => optionOf('live-reload' as keyof DaemonConfig)).toThrow('daemon.json has no live-reload');
});

test('what is set with a key is a key, and says so itself', () => {
  for (const key of keys) for (const led of optionOf(key).having ?? []) expect(keys).toContain(led);
});

test.each<[keyof DaemonConfig, DaemonConfig, string | null]>([
  ['live-restore', { 'live-restore': true }, null],
  ['live-restore', { 'live-restore': false }, 'it is the default of dockerd'],
  ['icc', { icc: true }, 'it is the default of dockerd'],
  ['icc', { icc: false }, 'no workload that it could affect'],
  ['log-driver', { 'log-driver': 'local', 'log-opts': { 'max-size': '1m' } }, null],
  ['log-driver', { 'log-driver': 'syslog' }, 'the driver syslog sends lines elsewhere'],
  ['storage-driver', { 'storage-driver': 'vfs' }, null],
  ['storage-driver', { 'storage-driver': 'zfs' }, 'the driver zfs can change devices or pools'],
  ['data-root', { 'data-root': '/data' }, 'their own directories, sockets and cgroups'],
  ['hosts', { hosts: ['tcp://0.0.0.0:2375'] }, 'their own directories, sockets and cgroups'],
])('%s of %j: why its cost is not measured', (key, values, why) => {
  const said = whyNotMeasured(key, values)?.text ?? null;
  if (why === null) expect(said).toBe(null);
  else expect(said).toContain(why);
});

test('what is measured never reaches outside of an engine of ocibench’s own', () => {
  const measured = keys.filter((key) => whyNotMeasured(key, { [key]: 'json-file' }) === null);
  for (const key of ['hosts', 'data-root', 'authorization-plugins', 'metrics-addr', 'tls', 'cgroup-parent'])
    expect(measured).not.toContain(key);
});

test('a setting that acts somewhere acts when a container starts', () => {
  for (const key of keys) expect(optionOf(key).acts ?? ['startup']).toContain('startup');
});

test.each<keyof DaemonConfig>(['userns-remap', 'seccomp-profile', 'storage-driver', 'features'])(
  '%s acts everywhere',
  (key) => {
    expect(optionOf(key).acts).toBe(undefined);
  },
);
