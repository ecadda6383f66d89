import type { Message } from '../core/messages/message.ts';
import type { Check } from '../core/model/machine/host.ts';
import { contributions } from '../core/modules/default-exports.ts';
import type { PackageNeed } from './packages/package-needs.ts';

/** Programs that a feature needs and the core does not: the default export of a file in its `requirements/`. */
export interface Requirement {
  /** Packages that `doctor --install --<flag>` installs. */
  readonly setup?: { readonly flag: 'lab'; readonly needs: readonly PackageNeed[] };
  /** The checks of `doctor` on the machine that measures. */
  check?(): Promise<readonly Check[]>;
  /**
   * The missing programs and the command that installs them; null where none is missing. `doctor --install` prints this and installs
   * nothing.
   */
  advice?(): Promise<{ readonly lack: Message; readonly command: string } | null>;
}

/** The requirements of all features present. */
export async function requirements(): Promise<readonly Requirement[]> {
  return (await contributions('requirements')) as readonly Requirement[];
}
