import { killAll } from '../../../app/leftovers/dead-run-processes.ts';
import { makeCgroups } from '../../../core/collect/cgroup/make.ts';
import { openTrialCgroup, type TrialCgroup } from '../../../core/collect/cgroup/trial.ts';
import type { HostContext } from '../../../core/measure/execute/host-context.ts';

/** The cgroups of one trial: one for each service, and for commands of the host. All are removed when it is disposed of. */
export class TrialCgroups implements AsyncDisposable {
  readonly #trialId: string;
  readonly #runId: string;
  readonly #place: HostContext;
  readonly #found = new Map<string, TrialCgroup>();
  readonly #undone = new AsyncDisposableStack();

  constructor(trialId: string, runId: string, place: HostContext) {
    this.#trialId = trialId;
    this.#runId = runId;
    this.#place = place;
  }

  get(name: string): TrialCgroup | undefined {
    return this.#found.get(name);
  }

  /** That of a service; it is made the first time. `isOfHost`: for a command of the host; what is in it at the end is killed. */
  async of(name: string, isOfHost = false): Promise<TrialCgroup> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const { layout, driver } = this.#place;
    const cgroup = openTrialCgroup({
      layout,
      driver: isOfHost ? 'cgroupfs' : driver,
      runId: this.#runId,
      trialId: `${this.#trialId}s${this.#found.size}`,
    });
    this.#found.set(name, cgroup);
    this.#undone.defer(async () => {
      if (isOfHost) killAll(cgroup.pids());
      await cgroup.remove();
    });
    // A cgroup with processes of its own must not hand controllers on (cgroups(7), "no internal processes").
    if (isOfHost) makeCgroups(layout, cgroup.path, false);
    else await cgroup.prepare();
    return cgroup;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#undone.disposeAsync();
  }
}
