import { hostIdentity } from '../host/host-identity.ts';
import { ownIdentity, type ProcessIdentity, processIdentitySchema } from '../host/process-identity.ts';
import type { LabelledObject } from './engine.ts';

/** Label of everything that ocibench makes in an engine; the value is the run id. Cleanup relies on it alone. */
export const runLabel = 'io.ocibench.run';

/** Label with the measuring host ({@link hostIdentity}): only there is it visible whether the run is alive. */
const hostLabel = 'io.ocibench.host';

/** Label with the measuring process, as JSON ({@link ProcessIdentity}). */
const ownerLabel = 'io.ocibench.owner';

/** Name of a run's namespace in a containerd that others use too. */
export function namespaceOf(runId: string): string {
  return `ocibench-${runId}`;
}

/** Labels of a container or network of a run that this process measures. */
export function runLabels(runId: string): Readonly<Record<string, string>> {
  return { [runLabel]: runId, [hostLabel]: hostIdentity(), [ownerLabel]: JSON.stringify(ownIdentity()) };
}

/** Do the labels name a run that is measured on this host? */
export function isOfThisHost(labels: Readonly<Record<string, string>>): boolean {
  return runLabel in labels && labels[hostLabel] === hostIdentity();
}

/** The owner in a label; null where it is missing or invalid. */
function ownerIn(label: string | undefined): ProcessIdentity | null {
  try {
    return processIdentitySchema.parse(JSON.parse(label ?? ''));
  } catch {
    return null;
  }
}

/** Reads the labels of a container or network of ocibench. */
export function labelled(id: string, labels: Readonly<Record<string, string>>): LabelledObject {
  return {
    id,
    runId: labels[runLabel] ?? '',
    host: labels[hostLabel] ?? '',
    owner: ownerIn(labels[ownerLabel]),
  };
}
