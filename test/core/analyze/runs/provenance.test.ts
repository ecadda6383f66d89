import { expect, test } from 'vitest';
import { changesFigures, differences, provenance } from '../../../../src/core/analyze/runs/provenance.ts';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import { runRecord } from '../../../support/records.ts';

const run = runRecord();
const change = (more: Partial<RunRecord>) => differences(run, { ...run, ...more }).map(({ key }) => key);

test('a run has everything in common with itself', () => {
  expect(differences(run, run)).toEqual([]);
  expect(provenance(run).size).toBeGreaterThan(10);
});

test.each<[string, Partial<RunRecord>]>([
  ['host.kernel', { host: { ...run.host, kernel: '9.9.9' } }],
  ['host.cpuModel', { host: { ...run.host, cpuModel: 'another' } }],
  ['host.mitigations', { host: { ...run.host, mitigations: { spectre_v2: 'Vulnerable' } } }],
  ['host.cgroup', { host: { ...run.host, cgroup: 'hybrid' } }],
  ['engine.version', { engine: { ...run.engine, version: '99' } }],
  ['engine.reach', { engine: { ...run.engine, local: false, hidden: 'rootless' } }],
  ['engine.userns', { engine: { ...run.engine, userns: { uid: 1, gid: 1 } } }],
  ['harnessVersion', { harnessVersion: '99' }],
])('a difference in %s is named, and nothing else', (key, more) => {
  expect(change(more)).toEqual([key]);
});

test('another binary of the same runtime, other arguments and another image are each named', () => {
  const [first, ...others] = run.runtimes;
  if (first === undefined) throw new Error('no runtime');
  const name = first.entry.name;
  expect(change({ runtimes: [{ ...first, sha256: 'ab' }, ...others] })).toEqual([`runtimes.${name}.sha256`]);
  const entry = { ...first.entry, runtimeArgs: ['--debug'] };
  expect(change({ runtimes: [{ ...first, entry }, ...others] })).toEqual([`runtimes.${name}.arguments`]);
  const image = { recipe: 'base', recipeHash: 'r', contentHash: 'a', reference: 'x', bytes: 1 };
  const before = { ...run, images: [image] };
  expect(differences(before, { ...run, images: [{ ...image, contentHash: 'b' }] })).toEqual([
    { key: 'images.base.contentHash', was: 'a', is: 'b' },
  ]);
});

test('a runtime that was not tried, since no test has a module, is no difference; one that did not start is', () => {
  const [first, ...others] = run.runtimes;
  if (first === undefined) throw new Error('no runtime');
  const refused = (code: string): RunRecord['runtimes'] => [
    { ...first, preflight: { status: 'unavailable', code, reason: 'r', fix: 'f', error: 'e' } },
    ...others,
  ];
  expect(change({ runtimes: refused('no-module') })).toEqual([]);
  expect(change({ runtimes: refused('timeout') })).toEqual([`runtimes.${first.entry.name}`]);
});

test('a runtime that only one of them measured is no difference between them', () => {
  expect(change({ runtimes: run.runtimes.slice(0, 1) })).toEqual([]);
});

const conditions = {
  seccomp: 'builtin',
  securityModule: 'none',
  noNewPrivileges: false,
  defaultUlimits: 'none',
  liveRestore: false,
  userlandProxy: true,
  icc: true,
  logDriver: 'json-file',
  backingFileSystem: 'extfs',
  otherContainers: 0,
} as const;
const under = (changes: object): RunRecord => ({
  ...run,
  engine: { ...run.engine, conditions: { ...conditions, ...changes } },
});

test.each<[string, object]>([
  ['engine.seccomp', { seccomp: 'unconfined' }],
  ['engine.securityModule', { securityModule: 'apparmor' }],
  ['engine.noNewPrivileges', { noNewPrivileges: true }],
  ['engine.defaultUlimits', { defaultUlimits: 'nofile=1:2' }],
  ['engine.liveRestore', { liveRestore: true }],
  ['engine.userlandProxy', { userlandProxy: false }],
  ['engine.icc', { icc: false }],
  ['engine.logDriver', { logDriver: 'local' }],
  ['engine.backingFileSystem', { backingFileSystem: 'xfs' }],
  ['engine.otherContainers', { otherContainers: 3 }],
])('a difference in the daemon’s %s is named, and nothing else', (key, changes) => {
  expect(differences(under({}), under(changes)).map((one) => one.key)).toEqual([key]);
});

test('how many other containers run changes no figure; every other difference may', () => {
  const found = differences(under({}), under({ otherContainers: 3, seccomp: 'unconfined' }));
  expect(found.filter(changesFigures).map(({ key }) => key)).toEqual(['engine.seccomp']);
});

test('conditions that one of two records does not hold are no difference', () => {
  expect(differences(run, under({}))).toEqual([]);
  expect(differences(under({}), run)).toEqual([]);
  expect(differences(under({ icc: undefined }), under({ icc: false }))).toEqual([]);
});

test('the programs beside a runtime are part of what is measured', () => {
  const beside = (sha256: string | null): RunRecord => ({
    ...run,
    runtimes: run.runtimes.map((one, index) =>
      index > 0
        ? one
        : { ...one, sidecars: { are: sha256 === null ? 'missing' : 'present', names: [], sha256 } },
    ),
  });
  const name = run.runtimes[0]?.entry.name;
  expect(differences(beside('a'), beside('b')).map(({ key }) => key)).toEqual([`runtimes.${name}.sidecars`]);
  expect(differences(beside('a'), beside(null))).toMatchObject([{ was: 'a', is: 'missing' }]);
  expect(differences(run, beside('b'))).toEqual([]);
});

test('other options behind the name of a profile are a difference, the order in which they are written is none', () => {
  const filter = (sha256: string) => ({ file: 'seccomp.json', sha256, rules: { defaultAction: sha256 } });
  const withProfiles = (...profiles: NonNullable<RunRecord['config']['profiles']>) => ({
    ...run,
    config: { ...run.config, profiles },
  });
  const strict = { name: 'strict', user: '65534', capDrop: ['ALL'], seccomp: filter('aa') };
  const was = withProfiles({ name: 'plain' }, strict);
  const turned = { seccomp: filter('aa'), capDrop: ['ALL'], user: '65534', name: 'strict' };
  expect(differences(was, withProfiles({ name: 'plain' }, turned))).toEqual([]);
  expect(differences(was, withProfiles({ name: 'plain' }, { ...strict, seccomp: filter('bb') }))).toEqual([
    {
      key: 'profiles.strict',
      was: 'capDrop=["ALL"] seccomp=aa user=65534',
      is: 'capDrop=["ALL"] seccomp=bb user=65534',
    },
  ]);
  expect(differences(was, withProfiles({ name: 'plain' }))).toEqual([]);
  expect(differences(was, run)).toEqual([]);
});
