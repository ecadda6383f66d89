import { uptime } from 'node:os';

/** Smaller differences are adjustments (adjtime(3)) and the 10 ms of /proc/uptime, ms. */
const leastStepMs = 2_000;

/** The time of day, and the time since boot, which goes on while the host is suspended (proc_uptime(5)), ms. */
interface Clocks {
  readonly day: Date;
  readonly bootMs: number;
}

const readClocks = (): Clocks => ({ day: new Date(), bootMs: uptime() * 1e3 });

/** Time of day of a record. */
export interface RecordTime {
  /** ISO 8601. */
  readonly startedAt: string;
  /** How far the clock was set since the stamp before, ms; absent if it was not. */
  readonly clockSetMs?: number;
}

/** Stamps records with the time of day, and notices when somebody sets it. */
export function watchWallClock(read: () => Clocks = readClocks): () => RecordTime {
  let last = read();
  return () => {
    const now = read();
    const setMs = Math.round(now.day.getTime() - last.day.getTime() - (now.bootMs - last.bootMs));
    last = now;
    const startedAt = now.day.toISOString();
    return Math.abs(setMs) < leastStepMs ? { startedAt } : { startedAt, clockSetMs: setMs };
  };
}
