import type { WorkWindow } from '../../model/trial/trial.ts';
import type { CpuNow } from './observer.ts';
import { type Stamp, stampedInterval } from './stamps.ts';

/**
 * Measures the time in which the tool of a trial worked, and the CPU used in it: the time between the stamps that a
 * container prints. Without stamps, it is the total duration of the programs of steps.
 */
export class WorkWindowRecorder {
  readonly #stamps: Stamp[] = [];
  readonly #cpuNow: () => CpuNow;
  #before: CpuNow | null = null;
  #after: CpuNow | null = null;
  #programs: WorkWindow | null = null;

  constructor(cpuNow: () => CpuNow) {
    this.#cpuNow = cpuNow;
  }

  /** Reads CPU at the last stamp before the work and at the first stamp after it. */
  onStamp(stamp: Stamp): void {
    this.#stamps.push(stamp);
    if (stamp.edge === 'begin') this.#before = this.#cpuNow();
    else this.#after ??= this.#cpuNow();
  }

  /** Runs a step's program and reads CPU around it. Does not count a program that fails. `now`: CLOCK_MONOTONIC, ns. */
  async around(now: () => bigint, program: () => Promise<void>): Promise<void> {
    const before = this.#cpuNow();
    const begin = now();
    await program();
    const hostNs = Number(now() - begin);
    const cpu = difference(before, this.#cpuNow());
    const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
    const total: WorkWindow = this.#programs ?? nothing;
    this.#programs = {
      source: 'steps',
      // Without a reading of the container's clock, both durations are by the host's clock.
      containerNs: total.containerNs + hostNs,
      hostNs: total.hostNs + hostNs,
      uncertaintyNs: 0,
      cpuNs: sum(total.cpuNs, cpu.cpuNs),
      engineCpuNs: sum(total.engineCpuNs, cpu.engineCpuNs),
    };
  }

  /** null where the container did not stamp both sides and no step ran a program. */
  window(): WorkWindow | null {
    const interval = stampedInterval(this.#stamps);
    if (interval === null) return this.#programs;
    return { source: 'stamps', ...interval, ...difference(this.#before, this.#after) };
  }
}

const nothing: WorkWindow = {
  source: 'steps',
  containerNs: 0,
  hostNs: 0,
  uncertaintyNs: 0,
  cpuNs: 0,
  engineCpuNs: 0,
};

function difference(before: CpuNow | null, after: CpuNow | null): Pick<WorkWindow, 'cpuNs' | 'engineCpuNs'> {
  const used = (of: keyof CpuNow): number | null => {
    const [from, to] = [before?.[of] ?? null, after?.[of] ?? null];
    return from === null || to === null ? null : to - from;
  };
  return { cpuNs: used('cgroupNs'), engineCpuNs: used('engineNs') };
}
