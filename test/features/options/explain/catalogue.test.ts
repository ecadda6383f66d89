import { expect, test } from 'vitest';
import * as z from 'zod';
import { type DaemonConfig, daemonKeys } from '../../../../src/core/config/daemon-keys.ts';
import { optionOf, whyNotMeasured } from '../../../../src/features/options/explain/catalogue.ts';
import { sayDefault, sayReach, sayValues } from '../../../../src/features/options/explain/explain-value.ts';

const keys = Object.keys(daemonKeys) as (keyof DaemonConfig)[];

test.each(keys)('%s is explained, with its value', (key) => {
  for (const value of [true, false, 'json-file', '/x', ['a=b'], { a: { b: 'c' } }]) {
    const said = sayValues({ [key]: value });
    if (said.id !== 'explain.unset') expect(said.text).toMatch(/^[A-Za-z/].*\.$/s);
  }
  expect(optionOf(key).when).not.toBe('');
});

const flags = keys.filter((key) => daemonKeys[key] instanceof z.ZodBoolean);

test.each(flags)('%s: true and false are explained by two sentences of their own', (key) => {
  const [on, off] = [sayValues({ [key]: true }), sayValues({ [key]: false })];
  expect([on.id, off.id]).toEqual([`explain.value.${key}.true`, `explain.value.${key}.false`]);
  expect(on.text).not.toBe(off.text);
});

const choices = keys.filter((key) => daemonKeys[key] instanceof z.ZodEnum);

test.each(choices)('%s: each of its values has a sentence of its own', (key) => {
  const { options } = daemonKeys[key] as unknown as { options: readonly string[] };
  const said = options.map((value) => sayValues({ [key]: value }).id);
  expect(said).toEqual(options.map((value) => `explain.value.${key}=${value}`));
});

const others = keys.filter((key) => !flags.includes(key) && !choices.includes(key));

test.each(others)('%s: another value than a known one is quoted', (key) => {
  expect(sayValues({ [key]: 'another' }).text).toContain('another');
});

test.each<[keyof DaemonConfig, DaemonConfig, string]>([
  ['icc', { icc: false }, 'cannot reach each other'],
  ['userland-proxy', { 'userland-proxy': false }, 'without a docker-proxy process'],
  ['no-new-privileges', { 'no-new-privileges': false }, 'such as sudo, gain their privileges'],
  ['live-restore', { 'live-restore': false }, 'Containers end when dockerd'],
  ['selinux-enabled', { 'selinux-enabled': false }, 'no SELinux labels'],
  ['seccomp-profile', { 'seccomp-profile': 'unconfined' }, 'No profile filters'],
  ['default-ulimits', { 'default-ulimits': { nofile: { Name: 'nofile', Hard: 2, Soft: 1 } } }, 'nofile 1:2'],
  [
    'default-address-pools',
    { 'default-address-pools': [{ base: '10.0.0.0/8', size: 24 }] },
    'base=10.0.0.0/8',
  ],
  ['hosts', { hosts: [] }, 'hosts is not set'],
])('%s of %j', (_, values, said) => {
  expect(sayValues(values).text).toContain(said);
});

test('the default is named, and a line that has it changes nothing', () => {
  expect(sayDefault('icc', false).text).toBe('Default: true.');
  expect(sayDefault('icc', true).text).toBe('This is the default: the line changes nothing.');
  expect(sayDefault('bip', '10.0.0.1/8').text).toBe('Default: not set.');
  // dockerd turns TLS on as soon as the key is there.
  expect(sayDefault('tlsverify', false).text).toBe('Default: not set.');
});

test('it is said which containers a value reaches, and after what', () => {
  expect(sayReach('no-new-privileges', true).text).toMatch(/made after a restart.* stay as they were made/);
  expect(sayReach('default-runtime', 'crun').text).toMatch(/made after a reload/);
  expect(sayReach('default-ulimits', {}).text).toMatch(/also those that exist/);
  expect(sayReach('icc', false).text).toContain('not while containers run');
  expect(sayReach('features', { 'containerd-snapshotter': true }).text).toContain('out of sight');
  expect(sayReach('features', { buildkit: true }).text).not.toContain('out of sight');
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
