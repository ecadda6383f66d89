import type { WorkWindow } from '../model/trial.ts';
import type { CpuNow } from './observer.ts';
import { type Stamp, stampedInterval } from './stamps.ts';

/** Collects a container's stamps and reads CPU at the last one before its work and at the first one after it. */
export class WorkWatch {
  readonly #stamps: Stamp[] = [];
  readonly #cpuNow: () => CpuNow;
  #before: CpuNow | null = null;
  #after: CpuNow | null = null;

  constructor(cpuNow: () => CpuNow) {
    this.#cpuNow = cpuNow;
  }

  onStamp(stamp: Stamp): void {
    this.#stamps.push(stamp);
    if (stamp.edge === 'begin') this.#before = this.#cpuNow();
    else this.#after ??= this.#cpuNow();
  }

  /** null where the container did not stamp both sides. */
  window(): WorkWindow | null {
    const interval = stampedInterval(this.#stamps);
    if (interval === null) return null;
    const used = (of: keyof CpuNow): number | null => {
      const [before, after] = [this.#before?.[of] ?? null, this.#after?.[of] ?? null];
      return before === null || after === null ? null : after - before;
    };
    return { ...interval, cpuNs: used('cgroupNs'), engineCpuNs: used('engineNs') };
  }
}
