import type { ComparedRun } from '../core/analyze/runs/compare-runs.ts';
import type { Gate } from '../core/gate/limit.ts';
/**
 * Ports between features. A feature provides one by the default export of a file in its folder of the port's name; without the
 * feature nothing is provided.
 */
import { external } from '../core/messages/compose.ts';
import { type Reason, reasons } from '../core/messages/define.ts';
import type { GateReport } from '../core/model/analysis/gate.ts';
import type { RunRecord } from '../core/model/run/run.ts';
import type { TrialRecord } from '../core/model/trial/trial.ts';
import type { Workload } from '../core/model/workload/workload.ts';
import { contribution } from '../core/modules/default-exports.ts';
import type { AppContext } from './context.ts';
import type { RegisteredRuntimes } from './measure/registered.ts';
import type { OpenedRun } from './open-stored.ts';

const why = reasons('feature', {
  missing: {
    message: 'this installation of ocibench has no src/features/{feature}',
    fix: 'install the whole of ocibench',
  },
});

/** The reason that a command needs a feature that is not installed. */
export function featureMissing(feature: string): Reason {
  return why.missing({ feature: external(feature) });
}

/** `verifiers/`: is a run whole, and do its files follow from its records? */
export type VerifyRun = (app: AppContext, opened: OpenedRun) => Promise<boolean>;

/** null without the feature. */
export async function verifier(): Promise<VerifyRun | null> {
  return (await contribution('verifiers')) as VerifyRun | null;
}

/**
 * `gate-judges/`: judges a run by a gate that `configuredGates` has checked. `request` says where the nightly history is.
 */
export type JudgeGates = (
  app: AppContext,
  gates: Gates,
  gated: GatedRun,
  request: {
    readonly in?: string | undefined;
    readonly out?: string;
    readonly history?: string;
  },
) => Promise<GateReport>;

/** null without the feature. */
export async function gateJudge(): Promise<JudgeGates | null> {
  return (await contribution('gate-judges')) as JudgeGates | null;
}

/**
 * `pin-readers/`: the registered runtimes and the pinned copies of some of them. OcibenchError (exit 2) where a copy differs
 * from what was pinned, or another program has its name.
 */
export type ReadPins = (
  registered: RegisteredRuntimes,
  pinned: readonly string[],
) => Promise<RegisteredRuntimes>;

/** null without the feature. */
export async function pinReader(): Promise<ReadPins | null> {
  return (await contribution('pin-readers')) as ReadPins | null;
}

/** The gate of a configuration, checked. */
export interface Gates {
  readonly gates: readonly Gate[];
  /** The runtime that the others are compared with, and its pinned copy. */
  readonly baselines: readonly string[];
}

/** A run with everything that its gate is judged by. */
export interface GatedRun {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly workloads: readonly Workload[];
  /** The run that it is compared with. */
  readonly before?: ComparedRun;
}
