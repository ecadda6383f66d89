import { Job } from 'kubernetes-models/batch/v1/Job';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { expect, test } from 'vitest';
import {
  type KubernetesLaunch,
  launchNamespace,
  parsePool,
  poolJob,
} from '../../../../../src/features/fleet/launch/kubernetes/job.ts';

const launch: KubernetesLaunch = {
  id: '20260101-000000-abcd',
  namespace: 'ocibench',
  image: 'registry.example/ocibench:0.1.0',
  mode: 'privileged',
  collect: 'log',
  claim: null,
  deadlineSeconds: 3600,
  words: ['--preset', 'quick', '--set', 'labels.note=$(NODE_NAME) $HOME'],
};
const pool = { label: { key: 'pool', value: 'a' }, nodes: 3 };
const podOf = (job: ReturnType<typeof poolJob>) => job.spec?.template.spec;

test.each([[{}], [{ mode: 'socket' }], [{ collect: 'volume', claim: 'runs' }]] as const)(
  'with %j the manifests fit the schemas of Kubernetes',
  (changed) => {
    new Job(poolJob({ ...launch, ...changed }, pool, 0)).validate();
    new Namespace(launchNamespace('ocibench')).validate();
  },
);

test('the schemas refuse what is wrong', () => {
  const job = poolJob(launch, pool, 0);
  const wrong = { ...job, spec: { ...job.spec, completionMode: 'Indexd' } } as never;
  expect(() => new Job(wrong).validate()).toThrow();
});

test('a pool has as many pods at once as nodes, on nodes of its label, no two of the launch on one', () => {
  const job = poolJob(launch, pool, 1);
  expect(job.metadata).toMatchObject({ name: 'ocibench-20260101-000000-abcd-1', namespace: 'ocibench' });
  expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 3, parallelism: 3 });
  const [term] = podOf(job)?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  expect(term?.topologyKey).toBe('kubernetes.io/hostname');
  expect(job.spec?.template.metadata?.labels).toMatchObject(term?.labelSelector?.matchLabels ?? { no: '' });
  expect(podOf(job)?.nodeSelector).toEqual({ pool: 'a' });
  expect(podOf(poolJob(launch, { label: null, nodes: 1 }, 0))).not.toHaveProperty('nodeSelector');
});

test('a run whose end would be the same again is not started again; one whose node is drained is', () => {
  expect(poolJob(launch, pool, 0).spec?.podFailurePolicy?.rules).toEqual([
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailIndex', onExitCodes: { containerName: 'ocibench', operator: 'In', values: [2, 3, 4] } },
  ]);
});

test('an own engine has its state on the node’s file system; the other mode has the node’s socket and cgroups', () => {
  const mounts = (changed: Partial<KubernetesLaunch>) =>
    podOf(poolJob({ ...launch, ...changed }, pool, 0))?.containers[0]?.volumeMounts?.map(
      ({ mountPath, subPathExpr }) => [mountPath, subPathExpr ?? ''].join(' ').trim(),
    );
  expect(mounts({})).toEqual(['/out', '/root/.cache/ocibench', '/var/lib/ocibench']);
  expect(mounts({ mode: 'socket', collect: 'volume', claim: 'runs' })).toEqual([
    '/out $(NODE_NAME)',
    '/root/.cache/ocibench',
    '/var/run/docker.sock',
    '/sys/fs/cgroup',
  ]);
});

test('what was typed reaches the program as it was, not as Kubernetes would replace it', () => {
  const script = podOf(poolJob(launch, pool, 0))?.containers[0]?.command?.[2] ?? '';
  expect(script).toContain("'labels.note=$$(NODE_NAME) $HOME'");
  expect(script.replaceAll('$$(', '')).not.toContain('$(');
});

test.each([
  ['3', { label: null, nodes: 3 }],
  ['pool=a:12', { label: { key: 'pool', value: 'a' }, nodes: 12 }],
  [
    'cloud.example.com/kind=n2-8.x:1',
    { label: { key: 'cloud.example.com/kind', value: 'n2-8.x' }, nodes: 1 },
  ],
])('%s is a pool', (value, expected) => {
  expect(parsePool(value)).toEqual(expected);
});

test.each(['0', '', '1001', '10000', 'a:3', '=a:3', 'a=:3', 'a=b', 'a b=c:3', '-a=b:3', 'A.B/c=d:3', '3.5'])(
  '%j is none, and is told how it is written',
  (value) => {
    expect(parsePool(value)).toMatchObject({ fix: { text: expect.stringContaining('--pool 3') } });
  },
);
