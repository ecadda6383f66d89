import { hostIdentity } from '../host/host-identity.ts';
import { ownIdentity, type ProcessIdentity, processIdentitySchema } from '../host/process-identity.ts';
import type { OurContainer } from './engine.ts';

/** Label that marks everything of ours; its value is the run id. Cleaning goes by it alone. */
export const runLabel = 'io.ocibench.run';

/** Label with the host that measures ({@link hostIdentity}): only there can be seen whether the run is alive. */
const hostLabel = 'io.ocibench.host';

/** Label with the process that measures, as JSON ({@link ProcessIdentity}). */
const ownerLabel = 'io.ocibench.owner';

/** The labels by which a container or network of a run that this process measures is known. */
export function runLabels(runId: string): Readonly<Record<string, string>> {
  return { [runLabel]: runId, [hostLabel]: hostIdentity(), [ownerLabel]: JSON.stringify(ownIdentity()) };
}

/** Do the labels say that it is a run's that is measured on this host? */
export function isOfThisHost(labels: Readonly<Record<string, string>>): boolean {
  return runLabel in labels && labels[hostLabel] === hostIdentity();
}

/** null where a container has none, or anything else in its place. */
function ownerIn(label: string | undefined): ProcessIdentity | null {
  try {
    return processIdentitySchema.parse(JSON.parse(label ?? ''));
  } catch {
    return null;
  }
}

/** What the labels of a container or network of ours say. */
export function labelled(id: string, labels: Readonly<Record<string, string>>): OurContainer {
  return {
    id,
    runId: labels[runLabel] ?? '',
    host: labels[hostLabel] ?? '',
    owner: ownerIn(labels[ownerLabel]),
  };
}
