import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import { shellWord } from '../../../../core/messages/command.ts';
import { type Reason, reasons } from '../../../../core/messages/define.ts';

/** Lines around a run in a pod's log. */
export const archiveMarks = {
  begin: '-----BEGIN OCIBENCH RUN-----',
  end: '-----END OCIBENCH RUN-----',
} as const;

/** Columns of the archive's lines. The kubelet cuts lines of a log at 16 KiB. */
const columns = 120;

/** How the results leave the pod. */
export type Collect = 'log' | 'volume';

/**
 * The shell program of a pod (`sh -c`). It passes SIGTERM on, so that a pod that is deleted ends its trial and cleans up, and
 * ends well where measurements failed, too (exit code 1): that is a result, and must not be measured again.
 *
 * `out`: directory of the results in the pod. `words`: options of `ocibench run`. Wants NODE_NAME in its environment.
 */
export function podScript(
  words: readonly string[],
  { out, collect }: { readonly out: string; readonly collect: Collect },
) {
  const run = ['ocibench', 'run', ...words].map(shellWord).join(' ');
  const printed = [
    `if [ -d ${out}/results ]; then`,
    `  echo '${archiveMarks.begin}'`,
    // Without the link `latest`: who merges archives follows none.
    `  tar -C ${out} --exclude=results/latest -czf - results | base64 -w ${columns}`,
    `  echo '${archiveMarks.end}'`,
    'fi',
  ];
  return [
    'set -u',
    `${run} --out ${out} --label node="$NODE_NAME" --no-progress &`,
    'child=$!',
    `trap 'kill -TERM "$child" 2>/dev/null' TERM INT`,
    'wait "$child"',
    'code=$?',
    // A signal ends the first wait; the run then ends what it does.
    'while kill -0 "$child" 2>/dev/null; do',
    '  wait "$child"',
    '  code=$?',
    'done',
    ...(collect === 'log' ? printed : []),
    'if [ "$code" -eq 1 ]; then exit 0; fi',
    'exit "$code"',
    '',
  ].join('\n');
}

const why = reasons('kubernetes', {
  pool: {
    message: "must be a number of nodes, or LABEL=VALUE:NUMBER, but is ''{value}''",
    fix: 'for example --pool 3, or --pool cloud.google.com/gke-nodepool=n2:3',
  },
});

/** Nodes of one kind, each of which is measured once. */
export interface Pool {
  /** The label that its nodes have; null: any node. */
  readonly label: { readonly key: string; readonly value: string } | null;
  readonly nodes: number;
}

/** Most pods of one Job here; more nodes take several pools. */
const maxNodes = 1_000;

const name = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const domain = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?';
/** Labels and their values as Kubernetes takes them ("Labels and Selectors"). */
const form = new RegExp(`^(?:((?:${domain}/)?${name})=(${name}):)?([1-9]\\d{0,3})$`);

/** `3` or `label=value:3`. */
export function parsePool(value: string): Pool | Reason {
  const [, key, labelled = '', digits = ''] = form.exec(value) ?? [];
  const nodes = Number(digits);
  if (digits === '' || nodes > maxNodes) return why.pool({ value });
  return { label: key === undefined ? null : { key, value: labelled }, nodes };
}

/** How a pod reaches an engine: one of its own, which needs a privileged pod, or the node's Docker daemon. */
type PodMode = 'privileged' | 'socket';

/** What all Jobs of a launch share. */
export interface KubernetesLaunch {
  /** Stands in names and in the label `io.ocibench.launch`. */
  readonly id: string;
  readonly namespace: string;
  readonly image: string;
  readonly mode: PodMode;
  readonly collect: Collect;
  /** A claim that all nodes may write to (ReadWriteMany); null: results are collected from logs. */
  readonly claim: string | null;
  /** After which a Job is ended, s. */
  readonly deadlineSeconds: number;
  /** Options of `ocibench run`, the same for every node. */
  readonly words: readonly string[];
}

type PodSpec = NonNullable<NonNullable<IJob['spec']>['template']['spec']>;
type Container = PodSpec['containers'][number];
type Volume = NonNullable<PodSpec['volumes']>[number];
type Mount = NonNullable<Container['volumeMounts']>[number];

/** The label of all that belongs to a launch. */
export const launchLabel = 'io.ocibench.launch';

/** Time for a run to end its trial, to clean up and to print its results once it is told to end, s. */
const graceSeconds = 180;

/** Directory of the results in the pod. */
const out = '/out';

/** Exit codes of a run that would be the same again: misuse, no engine, somebody else measures here. */
const finalCodes = [2, 3, 4];

/** A volume with its place in the container. */
interface Place {
  readonly volume: Volume;
  readonly mount: Mount;
}

const empty = (name: string, mountPath: string): Place => ({
  volume: { name, emptyDir: {} },
  mount: { name, mountPath },
});

const ofHost = (name: string, path: string, type: 'Directory' | 'Socket'): Place => ({
  volume: { name, hostPath: { path, type } },
  mount: { name, mountPath: path },
});

/** The run's files. State and images are on the node's own file system: an overlay cannot be on an overlay. */
function placesOf({ mode, collect, claim }: KubernetesLaunch): readonly Place[] {
  const results: Place =
    collect === 'volume' && claim !== null
      ? {
          volume: { name: 'out', persistentVolumeClaim: { claimName: claim } },
          mount: { name: 'out', mountPath: out, subPathExpr: '$(NODE_NAME)' },
        }
      : empty('out', out);
  const files = [results, empty('images', '/root/.cache/ocibench')];
  if (mode === 'privileged') return [...files, empty('state', '/var/lib/ocibench')];
  return [
    ...files,
    ofHost('docker', '/var/run/docker.sock', 'Socket'),
    ofHost('cgroup', '/sys/fs/cgroup', 'Directory'),
  ];
}

/** Kubernetes replaces `$(NAME)` in a command; `$$(` stands for `$(`. */
const literally = (text: string) => text.replaceAll('$(', () => '$$(');

function podSpec(launch: KubernetesLaunch, { label }: Pool): PodSpec {
  const places = placesOf(launch);
  const { id, mode, image, words, collect } = launch;
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    ...(mode === 'socket' ? { hostPID: true } : {}),
    ...(label === null ? {} : { nodeSelector: { [label.key]: label.value } }),
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { [launchLabel]: id } },
          },
        ],
      },
    },
    containers: [
      {
        name: 'ocibench',
        image,
        command: ['sh', '-c', literally(podScript(words, { out, collect }))],
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        securityContext: { privileged: true },
        volumeMounts: places.map(({ mount }) => mount),
      },
    ],
    volumes: places.map(({ volume }) => volume),
  };
}

/**
 * One Indexed Job for a pool of nodes. All of its pods exist at once, and no two of a launch are on one node; a pod whose node
 * was drained or lost is made anew, and one whose run failed once.
 */
export function poolJob(launch: KubernetesLaunch, pool: Pool, number: number): IJob {
  const { id, namespace, deadlineSeconds } = launch;
  const labels = { 'app.kubernetes.io/name': 'ocibench', [launchLabel]: id };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `ocibench-${id}-${number}`, namespace, labels },
    spec: {
      completionMode: 'Indexed',
      completions: pool.nodes,
      parallelism: pool.nodes,
      backoffLimitPerIndex: 1,
      activeDeadlineSeconds: deadlineSeconds,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          {
            action: 'FailIndex',
            onExitCodes: { containerName: 'ocibench', operator: 'In', values: finalCodes },
          },
        ],
      },
      template: { metadata: { labels }, spec: podSpec(launch, pool) },
    },
  };
}

/** A namespace in which privileged pods are admitted (Pod Security Standards). */
export function launchNamespace(name: string): INamespace {
  const labels = { 'pod-security.kubernetes.io/enforce': 'privileged' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
