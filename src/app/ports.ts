/**
 * What features do for each other, each without knowing who does it. A feature provides by the default export of a file in its
 * folder of that name; a feature that is not there provides nothing.
 */
import { external } from '../core/messages/compose.ts';
import { type Reason, reasons } from '../core/messages/define.ts';
import type { RunRecord } from '../core/model/run.ts';
import { contributions } from '../core/modules/default-exports.ts';
import type { PublishedHost } from '../report/anonymous.ts';
import type { AppContext } from './context.ts';
import type { Opened } from './open-stored.ts';

const why = reasons('feature', {
  missing: {
    message: 'this installation of ocibench has no src/features/{feature}',
    fix: 'install all of ocibench',
  },
});

/** What is asked for needs a feature that is not there. */
export function featureMissing(feature: string): Reason {
  return why.missing({ feature: external(feature) });
}

/** `verifiers/`: do the files of a run follow from its records, and can these be true? */
export type HoldsTrue = (app: AppContext, opened: Opened) => Promise<boolean>;

/** null without the feature. */
export async function verifier(): Promise<HoldsTrue | null> {
  const [found = null] = (await contributions('verifiers')) as readonly HoldsTrue[];
  return found;
}

/** `runtime-classes/`: RuntimeClass objects of Kubernetes, as YAML, with what the sandboxes of a run took. */
export type RuntimeClasses = (app: AppContext, run: string) => Promise<string>;

/** null without the feature. */
export async function runtimeClassesOf(): Promise<RuntimeClasses | null> {
  const [found = null] = (await contributions('runtime-classes')) as readonly RuntimeClasses[];
  return found;
}

/** A record that a feature keeps in a run's directory. */
export interface RunFile {
  /** Relative to the run's directory. */
  readonly path: string;
  readonly record: object;
  /** The record with another host than the one that was measured. */
  withHost(host: PublishedHost): object;
  /** Checks a record that was changed. ZodError. */
  parse(record: object): object;
}

/** `run-files/`: the records of a run. OcibenchError (exit 2) where one is damaged. */
export type ReadRunFiles = (path: string, run: RunRecord) => Promise<readonly RunFile[]>;

/** Those of all features. */
export async function runFiles(path: string, run: RunRecord): Promise<readonly RunFile[]> {
  const readers = (await contributions('run-files')) as readonly ReadRunFiles[];
  return (await Promise.all(readers.map((read) => read(path, run)))).flat();
}
