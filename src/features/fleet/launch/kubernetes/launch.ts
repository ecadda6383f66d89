import type { AppContext } from '../../../../app/context.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { featureMissing, runtimeClassesOf } from '../../../../app/ports.ts';
import { parseDuration } from '../../../../core/config/quantities.ts';
import { stringify } from '../../../../core/config/yaml.ts';
import { messages, notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { misuse, type Problem, problemOf } from '../../../../core/model/error.ts';
import { drawnSeed, type LaunchRun, sameRun } from '../run-end.ts';
import {
  archiveMarks,
  type Collect,
  type KubernetesLaunch,
  launchLabel,
  launchNamespace,
  type Pool,
  parsePool,
  poolJob,
} from './job.ts';

const text = notices('kubernetes', { cannot: 'no manifest was written' });
const words = messages('kubernetes', {
  commandLine: 'command line',
  apply: 'apply what was printed:  {command}',
  wait: 'wait until it ends:  {command}',
  collect: 'collect the runs:\n{command}',
  collectVolume: 'the runs are on the volume of {claim}, one directory per node',
  merge: 'then:  @(fleet merge {out} --out FLEET)',
});
const why = reasons('kubernetes', {
  image: {
    message: "is not an image name: ''{value}''",
    fix: 'for example --image registry.example/ocibench:0.1.0',
  },
  namespace: {
    message: "is not a name that Kubernetes accepts: ''{value}''",
    fix: 'use at most 63 lower-case letters, digits and hyphens',
  },
  deadline: {
    message: "must be a duration of at least a minute, but is ''{value}''",
    fix: 'for example --deadline 2h',
  },
  noClaim: {
    message: 'needs a volume',
    fix: 'name a PersistentVolumeClaim with ReadWriteMany:  --claim NAME',
  },
  noVolume: { message: 'applies only to results collected on a volume', fix: 'add  --collect volume' },
});

/** Options of `ocibench fleet k8s`, as typed. */
export interface FleetK8sFlags {
  readonly image: string;
  readonly pool?: readonly string[];
  readonly namespace?: string;
  readonly mode: KubernetesLaunch['mode'];
  readonly collect: Collect;
  readonly claim?: string;
  readonly deadline: string;
  readonly overhead?: string;
}

/** The manifests, and instructions for their use. */
export interface KubernetesManifests {
  /** A stream of YAML documents for `kubectl apply -f -`. */
  readonly yaml: string;
  readonly next: readonly Message[];
}

/** Form of the name of an object or claim (RFC 1123 label). */
const objectName = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** YAML for people to read and change: without anchors, and without folding the script. */
const yamlOf = (object: object) =>
  stringify(object, { aliasDuplicateObjects: false, lineWidth: 0, blockQuote: 'literal' });

/** Namespace that is created if none is named. */
const ownNamespace = 'ocibench';

const problem = (key: string, reason: Reason) => problemOf({ file: words.commandLine, key }, reason);

function poolsOf(asked: readonly string[], problems: Problem[]): readonly Pool[] {
  return asked.flatMap((value) => {
    const pool = parsePool(value);
    if ('nodes' in pool) return [pool];
    problems.push(problem('--pool', pool));
    return [];
  });
}

/** Problems of single options. */
function flagProblems(flags: FleetK8sFlags): readonly Problem[] {
  const { image, namespace, collect, claim, deadline } = flags;
  const names = [
    ['--namespace', namespace],
    ['--claim', claim],
  ] as const;
  return [
    ...(/^[\w][\w.:/@-]*$/.test(image) ? [] : [problem('--image', why.image({ value: image }))]),
    ...names.flatMap(([key, value]) =>
      value === undefined || objectName.test(value) ? [] : [problem(key, why.namespace({ value }))],
    ),
    ...((parseDuration(deadline) ?? 0) < 60_000
      ? [problem('--deadline', why.deadline({ value: deadline }))]
      : []),
    ...(collect === 'volume' && claim === undefined ? [problem('--collect volume', why.noClaim)] : []),
    ...(collect === 'log' && claim !== undefined ? [problem('--claim', why.noVolume)] : []),
  ];
}

/** Shell commands that write each pod's run into an archive for `merge`. */
function collecting({ id, namespace }: KubernetesLaunch, out: string): string {
  const { begin, end } = archiveMarks;
  const run = `sed -n '/^${begin}$/,/^${end}$/{//!p}' | base64 -d`;
  return [
    `mkdir -p ${out}`,
    `for pod in $(kubectl -n ${namespace} get pods -l ${launchLabel}=${id} -o name); do`,
    `  file="${out}/$(basename "$pod").tar.gz"`,
    `  kubectl -n ${namespace} logs "$pod" | ${run} >"$file"`,
    '  [ -s "$file" ] || rm "$file"',
    'done',
  ].join('\n');
}

/**
 * Manifests that measure every node of some pools with the same arguments and seed. Does not contact a cluster. OcibenchError
 * (exit 2) with every problem of the command line.
 */
export async function kubernetesManifests(
  app: AppContext,
  flags: FleetK8sFlags,
  run: LaunchRun,
): Promise<KubernetesManifests> {
  const id = newRunId(app.clock.date());
  const { mode, collect, claim = null, image, namespace = ownNamespace } = flags;
  const same = sameRun(run.words, run.request, () => drawnSeed(id), { engine: '--engine' }, [
    'labels.node=',
    'progress=false',
  ]);
  const problems = [...run.problems, ...same.problems, ...flagProblems(flags)];
  const pools = poolsOf(flags.pool ?? ['1'], problems);
  if (problems.length > 0) throw misuse(text.cannot, problems);
  const launch: KubernetesLaunch = {
    id,
    namespace,
    image,
    mode,
    collect,
    claim,
    deadlineSeconds: Math.round((parseDuration(flags.deadline) ?? 0) / 1000),
    words: [...same.words, '--engine', mode === 'socket' ? 'docker' : 'embedded'],
  };
  const objects = [
    ...(flags.namespace === undefined ? [launchNamespace(namespace)] : []),
    ...pools.map((pool, number) => poolJob(launch, pool, number)),
  ];
  const classes = flags.overhead === undefined ? '' : await classesOf(app, flags.overhead);
  const out = `fleet-${id}`;
  const yaml = [...(classes === '' ? [] : [classes]), ...objects.map(yamlOf)].join('---\n');
  const wait = `kubectl -n ${namespace} wait --for=condition=complete --timeout=${launch.deadlineSeconds}s job -l ${launchLabel}=${id}`;
  return {
    yaml,
    next: [
      words.apply({ command: 'kubectl apply -f FILE' }),
      words.wait({ command: wait }),
      claim === null ? words.collect({ command: collecting(launch, out) }) : words.collectVolume({ claim }),
      words.merge({ out: claim === null ? out : 'DIR' }),
    ],
  };
}

async function classesOf(app: AppContext, run: string): Promise<string> {
  const classes = await runtimeClassesOf();
  if (classes === null) {
    const problems = [problemOf({ file: '--overhead', key: '' }, featureMissing('capacity'))];
    throw misuse(text.cannot, problems);
  }
  return classes(app, run);
}
