import { describeOutcome } from '../../../core/analyze/values/effective-trial.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { type RunRecord, type RunSubject, unsupportedReasons } from '../../../core/model/run/run.ts';
import { defaultLayer, executedRuntime, type Layer } from '../../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { TrialWithOutcome } from '../../../core/model/trial/trial-outcome.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import { criuName } from './criu-version.ts';
import { explainedRefusal } from './support.ts';

/** Marks of a trial: a try of a restore begins; the restored service has answered with its state. */
export const restoreMarks = { begin: 'restore-begin', right: 'restore-right' } as const;

/** What became of the checkpoints of one runtime at one layer, or in one engine, over all tests. */
export interface Checkpoints {
  /** Layer at which the containers were started. */
  readonly layer: Layer;
  /** One of several engines; null where the run has only one. */
  readonly engine: string | null;
  /** Version of the engine or the layer; null where unknown, and where a runtime is called directly. */
  readonly engineVersion: string | null;
  /** Name of the runtime. */
  readonly runtime: string;
  /** Version that its binary prints; null where unknown. */
  readonly runtimeVersion: string | null;
  /** Does CRIU store its containers? Otherwise it stores its own kernel. */
  readonly usesCriu: boolean;
  /** Version of CRIU; null where CRIU stores nothing for this runtime, and where it is not known. */
  readonly criu: string | null;
  /** Checkpoint calls of all trials, warm-up included. */
  readonly checkpointCalls: number;
  /** Of these, the calls that succeeded. */
  readonly stored: number;
  /** Tries to restore a container. */
  readonly restoreCalls: number;
  /** Of these, the tries after which the service answered with its state. */
  readonly restored: number;
  /** The most frequent reason of trials that failed or were refused; without any, of refused tries; null where all worked. */
  readonly why: Message | null;
}

/** A cell of a test that restores: a trial of it, or the reason why there is none. */
interface Seen {
  readonly layer: Layer;
  readonly engine: string | null;
  readonly runtime: string;
  readonly trial: TrialWithOutcome | null;
  /** Why the test could not run or failed; null where it did not. */
  readonly reason: Message | null;
}

/** Figures of the tries that the engine refused, with its words. */
export const refusalFigure = (tries: number) => `restore.refused.${tries}`;

function refusalsOf({ figures }: TrialRecord): readonly Message[] {
  return Object.entries(figures).flatMap(([id, figure]) =>
    /^restore\.refused\.\d+$/.test(id) && 'absent' in figure
      ? [explainedRefusal(recalled(figure, 'absent'))]
      : [],
  );
}

function ofSubject({ layer = defaultLayer, engine }: RunSubject): Pick<Seen, 'layer' | 'engine'> {
  return { layer, engine: engine ?? null };
}

/**
 * The checkpoints of a run by layer, engine and runtime, counted in the marks of all its trials: of the warm-up, too, since a cell
 * that is refused there is not tried again. Empty where no test restores.
 */
export function checkpointsOf(run: RunRecord, trials: readonly TrialWithOutcome[]): readonly Checkpoints[] {
  const subjects = run.subjects.filter(({ category }) => category === 'restore');
  const workloads = new Set(subjects.map(({ workload }) => workload));
  const seen: readonly Seen[] = [
    ...trials
      .filter(({ trial, outcome }) => workloads.has(trial.cell.workload) && outcome.status !== 'interrupted')
      .map((each) => {
        const { layer, engine = null, runtime } = each.trial.cell;
        const reason = each.outcome.status === 'ok' ? null : describeOutcome(each.outcome).reason;
        return {
          layer,
          engine,
          runtime: executedRuntime(runtime, run.config.baseline),
          trial: each,
          reason,
        };
      }),
    ...subjects.flatMap((subject) =>
      unsupportedReasons(subject).map(({ runtime, reason }) => ({
        ...ofSubject(subject),
        runtime,
        trial: null,
        reason,
      })),
    ),
  ];
  const rows = Map.groupBy(seen, ({ layer, engine, runtime }) => JSON.stringify([layer, engine, runtime]));
  const onHost = criuIn(trials.map(({ trial }) => trial));
  return [...rows.values()].flatMap((members) => rowOf(members, run, onHost)).toSorted(inOrderOf(run));
}

/** `onHost`: CRIU's version in any trial of the run; those that failed did not record it. */
function rowOf(members: readonly Seen[], run: RunRecord, onHost: string | null): readonly Checkpoints[] {
  const [first] = members;
  if (first === undefined) return [];
  const { layer, engine, runtime } = first;
  const trials = members.flatMap(({ trial }) => trial?.trial ?? []);
  const facts = run.runtimes.find(({ entry }) => entry.name === runtime);
  const inEngine = run.engines?.find(({ name }) => name === engine);
  const usesCriu = familyOf(facts?.family).kernel === 'host';
  const count = (name: string) =>
    trials.reduce((sum, { marks }) => sum + marks.filter((mark) => mark.name === name).length, 0);
  return [
    {
      layer,
      engine,
      runtime,
      usesCriu,
      engineVersion:
        layer === defaultLayer
          ? (inEngine?.facts ?? run.engine).version
          : (run.layerVersions?.[layer] ?? null),
      runtimeVersion:
        inEngine?.runtimes.find(({ name }) => name === runtime)?.version ?? facts?.version ?? null,
      criu: usesCriu ? (criuIn(trials) ?? onHost) : null,
      checkpointCalls: count('checkpoint-begin'),
      stored: count('checkpoint-end'),
      restoreCalls: count(restoreMarks.begin),
      restored: count(restoreMarks.right),
      why:
        mostFrequent(members.flatMap(({ reason }) => reason ?? [])) ??
        mostFrequent(trials.flatMap(refusalsOf)),
    },
  ];
}

function criuIn(trials: readonly TrialRecord[]): string | null {
  for (const { figures } of trials) {
    const version = figures['criu.version'];
    if (version !== undefined && 'value' in version) return criuName(version.value);
  }
  return null;
}

function mostFrequent(reasons: readonly Message[]): Message | null {
  const groups = [...Map.groupBy(reasons, ({ text }) => text).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0] ?? null;
}

/** Layers and engines as the run's subjects have them, in each the runtimes as the run has them. */
function inOrderOf({ subjects, runtimes }: RunRecord): (a: Checkpoints, b: Checkpoints) => number {
  const places = subjects.map((subject) => ofSubject(subject));
  const place = (row: Checkpoints) =>
    places.findIndex(({ layer, engine }) => layer === row.layer && engine === row.engine);
  const order = (row: Checkpoints) => runtimes.findIndex(({ entry }) => entry.name === row.runtime);
  return (a, b) => place(a) - place(b) || order(a) - order(b);
}
