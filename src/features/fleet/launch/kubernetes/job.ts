import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import { shellWord } from '../../../../core/messages/command.ts';
import { type Reason, reasons } from '../../../../core/messages/define.ts';

/** Lines that enclose the archive of a run in a pod's log. */
export const archiveMarks = {
  begin: '-----BEGIN OCIBENCH RUN-----',
  end: '-----END OCIBENCH RUN-----',
} as const;

/** Line width of the archive. The kubelet splits log lines at 16 KiB. */
const columns = 120;

/** How the results leave the pod. */
export type Collect = 'log' | 'volume';

/**
 * The shell program of a pod (`sh -c`). It forwards SIGTERM, so that a deleted pod ends its trial and cleans up. It exits with
 * 0 even if measurements failed (exit code 1 of the run): that is a result, and must not be repeated.
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
    // Excludes the link `latest`: `merge` follows no links in archives.
    `  tar -C ${out} --exclude=results/latest -czf - results | base64 -w ${columns}`,
    `  echo '${archiveMarks.end}'`,
    'fi',
  ];
  return [
    'set -u',
    `${run} --out ${out} --set labels.node="$NODE_NAME" --set progress=false &`,
    'child=$!',
    `trap 'kill -TERM "$child" 2>/dev/null' TERM INT`,
    'wait "$child"',
    'code=$?',
    // A signal ends the first wait; wait again until the run has cleaned up.
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

/** A pool of similar nodes, each measured once. */
export interface Pool {
  /** Label of its nodes; null: any node. */
  readonly label: { readonly key: string; readonly value: string } | null;
  readonly nodes: number;
}

/** Maximum number of pods per Job; more nodes need several pools. */
const maxNodes = 1_000;

const name = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const domain = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?';
/** Form of a pool, with labels and values as Kubernetes allows them ("Labels and Selectors"). */
const form = new RegExp(`^(?:((?:${domain}/)?${name})=(${name}):)?([1-9]\\d{0,3})$`);

/** Parses `3` or `label=value:3`. */
export function parsePool(value: string): Pool | Reason {
  const [, key, labelled = '', digits = ''] = form.exec(value) ?? [];
  const nodes = Number(digits);
  if (digits === '' || nodes > maxNodes) return why.pool({ value });
  return { label: key === undefined ? null : { key, value: labelled }, nodes };
}

/** Engine of a pod: its own, which needs a privileged pod, or the node's Docker daemon. */
type PodMode = 'privileged' | 'socket';

/** Settings that all Jobs of a launch share. */
export interface KubernetesLaunch {
  /** Id in names and in the label `io.ocibench.launch`. */
  readonly id: string;
  readonly namespace: string;
  readonly image: string;
  readonly mode: PodMode;
  readonly collect: Collect;
  /** A claim that all nodes may write to (ReadWriteMany); null: results are collected from logs. */
  readonly claim: string | null;
  /** Time limit of a Job, s. */
  readonly deadlineSeconds: number;
  /** Options of `ocibench run`, the same for every node. */
  readonly words: readonly string[];
}

type PodSpec = NonNullable<NonNullable<IJob['spec']>['template']['spec']>;
type Container = PodSpec['containers'][number];
type Volume = NonNullable<PodSpec['volumes']>[number];
type Mount = NonNullable<Container['volumeMounts']>[number];

/** Label of all objects of a launch. */
export const launchLabel = 'io.ocibench.launch';

/** Time for a run to end its trial, clean up and print its results after SIGTERM, s. */
const graceSeconds = 180;

/** Directory of the results in the pod. */
const out = '/out';

/** Exit codes for which a retry is pointless: misuse, no engine, host busy. */
const finalCodes = [2, 3, 4];

/** A volume with its mount. */
interface MountedVolume {
  readonly volume: Volume;
  readonly mount: Mount;
}

const empty = (name: string, mountPath: string): MountedVolume => ({
  volume: { name, emptyDir: {} },
  mount: { name, mountPath },
});

const ofHost = (name: string, path: string, type: 'Directory' | 'Socket'): MountedVolume => ({
  volume: { name, hostPath: { path, type } },
  mount: { name, mountPath: path },
});

/** Volumes of the run. State and images are on the node's file system, since an overlay cannot be on an overlay. */
function placesOf({ mode, collect, claim }: KubernetesLaunch): readonly MountedVolume[] {
  const results: MountedVolume =
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

/** Escapes `$(` as `$$(`, since Kubernetes replaces `$(NAME)` in a command. */
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
 * One Indexed Job for a pool of nodes. All of its pods exist at the same time, on different nodes. A pod whose node was drained
 * or lost is replaced; a pod whose run failed is replaced once.
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

/** A namespace that admits privileged pods (Pod Security Standards). */
export function launchNamespace(name: string): INamespace {
  const labels = { 'pod-security.kubernetes.io/enforce': 'privileged' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
