import type { CgroupLayout } from '../../collect/cgroup/layout.ts';
import type { CgroupDriver } from '../../collect/cgroup/names.ts';
import type { EngineCgroups } from '../../collect/engine-cgroup.ts';
import type { KataOverheads } from '../../collect/kata-overheads.ts';

/** Context that all trials of a run share. */
export interface HostContext {
  readonly layout: CgroupLayout;
  readonly driver: CgroupDriver;
  readonly runId: string;
  readonly engineCgroups: EngineCgroups;
  /** Cgroups that Kata leaves behind; absent where ocibench does not remove them. */
  readonly overheads?: KataOverheads;
}
