import type { PackageNeed } from '../core/host/package-needs.ts';
import type { Message } from '../core/messages/message.ts';
import type { Check } from '../core/model/host.ts';
import { contributions } from '../core/modules/default-exports.ts';

/** Programs that a feature needs and the core does not: the default export of a file in its `requirements/`. */
export interface Requirement {
  /** What `setup --<flag>` installs. */
  readonly setup?: { readonly flag: 'lab'; readonly needs: readonly PackageNeed[] };
  /** What `doctor` says of them on the machine that measures. */
  check?(): Promise<readonly Check[]>;
  /** What is missing and the command that installs it; null where nothing is. `setup` prints it and installs nothing. */
  advice?(): Promise<{ readonly lack: Message; readonly command: string } | null>;
}

/** Those of the features that are there. */
export async function requirements(): Promise<readonly Requirement[]> {
  return (await contributions('requirements')) as readonly Requirement[];
}
