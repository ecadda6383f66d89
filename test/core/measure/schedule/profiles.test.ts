import { expect, test } from 'vitest';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import {
  type ScheduledLayer,
  underEveryProfile,
  type WorkloadSubject,
} from '../../../../src/core/measure/schedule/subjects.ts';
import type { ContainerProfile } from '../../../../src/core/model/runtime/container-profile.ts';
import { aaControl } from '../../../../src/core/model/trial/cell.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';
import { runSubject, runtimeFacts } from '../../../support/records.ts';

const docker: ScheduledLayer = { layer: 'docker', unsupported: () => null };
const oci: ScheduledLayer = { layer: 'oci', unsupported: () => null };
const floor: ScheduledLayer = { layer: 'floor', unsupported: () => null, runners: () => [] };
const profiles: readonly ContainerProfile[] = [
  { name: 'default' },
  { name: 'plain' },
  { name: 'read-only', readonlyRootfs: true },
];

const subject = (
  request: Partial<ReturnType<Workload['container']>>,
  category: Workload['category'] = 'io',
): WorkloadSubject => ({
  workload: {
    id: `${category}/x`,
    category,
    container: () => ({ command: [], timeoutMs: 1, ...request }),
  } as unknown as Workload,
  params: {},
});
const whyNot = (profile: Omit<ContainerProfile, 'name'>, of: WorkloadSubject, place = {}) =>
  underEveryProfile([docker], [{ name: 'own', ...profile }], place)[0]?.unsupported(of, runtimeFacts('runc'))
    ?.text ?? null;

test('every layer is there under every profile, the default one without a name, and tools once', () => {
  expect(
    underEveryProfile([docker, oci, floor], profiles).map(({ layer, profile }) => [layer, profile]),
  ).toEqual([
    ['docker', undefined],
    ['docker', 'plain'],
    ['docker', 'read-only'],
    ['oci', undefined],
    ['oci', 'plain'],
    ['oci', 'read-only'],
    ['floor', undefined],
  ]);
  expect(underEveryProfile([docker], [])).toEqual([docker]);
});

test('at another layer than Docker’s a profile is refused with the reason, and the default one is not', () => {
  const [own, plain] = underEveryProfile([oci], profiles);
  const runc = runtimeFacts('runc');
  expect(own?.unsupported(subject({}), runc)).toBeNull();
  expect(plain?.unsupported(subject({}), runc)?.text).toContain('at the layer oci');
});

test('a workload whose needs contradict a profile is not measured under it', () => {
  expect(whyNot({}, subject({}))).toBeNull();
  expect(whyNot({ memoryBytes: 64 * 2 ** 20 }, subject({}))).toBeNull();
  expect(whyNot({ memoryBytes: 64 * 2 ** 20 }, subject({ memoryBytes: 2 ** 30 }))).toContain('64 MiB');
  expect(whyNot({ log: 'none' }, subject({ log: 'local' }))).toContain('log driver');
  expect(whyNot({ cpus: 1 }, subject({ cpus: 0.5 }))).toContain('CPU quota');
  const mounted = subject({ mounts: [{ type: 'tmpfs', target: '/tmp' }] });
  expect(whyNot({ tmpfs: { '/tmp': 1 } }, mounted)).toContain('/tmp');
  expect(whyNot({ tmpfs: { '/run': 1 } }, mounted)).toBeNull();
});

test('a capability that is needed is missed where it is dropped, but not by what only tells of it', () => {
  const needs = { because: 'it says so', capabilities: ['MKNOD'] as const };
  expect(whyNot({ capDrop: ['ALL'] }, subject({ needs }))).toContain('MKNOD: it says so');
  expect(whyNot({ capDrop: ['ALL'], capAdd: ['MKNOD'] }, subject({ needs }))).toBeNull();
  expect(whyNot({ capDrop: ['CHOWN'] }, subject({ needs }))).toBeNull();
  expect(whyNot({ capDrop: ['ALL'] }, subject({ needs }, 'isolation'))).toBeNull();
});

test('an AppArmor profile needs a kernel that confines by it', () => {
  expect(whyNot({ apparmor: 'unconfined' }, subject({}), { securityModule: 'none' })).toContain('AppArmor');
  expect(whyNot({ apparmor: 'unconfined' }, subject({}), { securityModule: 'apparmor' })).toBeNull();
  expect(whyNot({ apparmor: 'unconfined' }, subject({}))).toBeNull();
});

test('the baseline is measured twice under the first profile alone', () => {
  const subjects = ['plain', 'read-only'].map((profile) => runSubject('io/x', { profile }));
  const own = profiles.filter(({ name }) => name !== 'default');
  const runtimes = [runtimeFacts('runc'), runtimeFacts('crun')];
  const cells = measurableCells(subjects, runtimes, 'runc', [], { profiles: own });
  expect(cells.map(({ runtime, profile }) => [runtime, profile])).toEqual([
    ['runc', 'plain'],
    [aaControl('runc'), 'plain'],
    ['crun', 'plain'],
    ['runc', 'read-only'],
    ['crun', 'read-only'],
  ]);
});
