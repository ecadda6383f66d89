/**
 * Ports between features. A feature provides one by the default export of a file in its folder of the port's name; without the
 * feature nothing is provided.
 */
import { external } from '../core/messages/compose.ts';
import { type Reason, reasons } from '../core/messages/define.ts';
import type { GateReport } from '../core/model/gate.ts';
import type { RunRecord } from '../core/model/run.ts';
import { contribution, contributions } from '../core/modules/default-exports.ts';
import type { PublishedHost } from '../report/anonymous.ts';
import type { AppContext } from './context.ts';
import type { GatedRun, Gates } from './measure/gates.ts';
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

/** `runtime-classes/`: Kubernetes RuntimeClass objects as YAML, with the overhead of a run's sandboxes. */
export type RuntimeClasses = (app: AppContext, run: string) => Promise<string>;

/** null without the feature. */
export async function runtimeClassesOf(): Promise<RuntimeClasses | null> {
  return (await contribution('runtime-classes')) as RuntimeClasses | null;
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

/** A record that a feature keeps in a run's directory. */
export interface RunFile {
  /** Relative to the run's directory. */
  readonly path: string;
  readonly record: object;
  /** The record with its host replaced. */
  withHost(host: PublishedHost): object;
  /** Checks a changed record; ZodError where it is invalid. */
  parse(record: object): object;
}

/** `run-files/`: the records of a run. OcibenchError (exit 2) where one is damaged. */
export type ReadRunFiles = (path: string, run: RunRecord) => Promise<readonly RunFile[]>;

/** The records of all features. */
export async function runFiles(path: string, run: RunRecord): Promise<readonly RunFile[]> {
  const readers = (await contributions('run-files')) as readonly ReadRunFiles[];
  return (await Promise.all(readers.map((read) => read(path, run)))).flat();
}
