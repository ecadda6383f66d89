import { setTimeout as sleep } from 'node:timers/promises';
import { valuesOf } from '../metrics/figure.ts';
import { samplePeriodMs } from '../model/run/extent.ts';
import type { Sampling } from '../model/run/sampling.ts';
import type { MappedPages, ProcessUsage, Reading } from '../model/trial/trial.ts';
import { chargeIn, chargeParts, quickFiles } from './cgroup/limits.ts';
import {
  isMostlyUnattributed,
  maxLagMs,
  memoryStatLags,
  withoutLaggingParts,
  withoutParts,
} from './cgroup/memory-lag.ts';
import type { FigureParser } from './cgroup/read.ts';
import type { TrialCgroup } from './cgroup/trial.ts';
import { type ProcessScan, scanContainers, totalPss } from './process/scan.ts';

export interface SamplerOptions {
  readonly trialId: string;
  /** Ids of the container and of its pod. */
  readonly containerIds: readonly string[];
  readonly cgroup: Pick<TrialCgroup, 'series' | 'pids'>;
  /** ns since the trial's `create-begin`. */
  readonly sinceStartNs: () => number;
  /** Time between readings of the cgroup, ms; bounds and default: {@link samplePeriodMs}. */
  readonly periodMs?: number;
  /** Time between snapshots of the processes, ms; default 500. The first comes after one `periodMs`. */
  readonly processPeriodMs?: number;
}

/** All readings of a sampler until it was stopped. */
interface Series {
  readonly readings: readonly Reading[];
  /** The snapshot with the highest total PSS; empty where none was taken. */
  readonly processes: readonly ProcessUsage[];
  /** `memory.shmem` of the cgroup at that snapshot, bytes; null where there is none. */
  readonly shmemAtSnapshotBytes: number | null;
  /** Pages that the processes of that snapshot map together; null where unreadable. */
  readonly mappedAtSnapshot: MappedPages | null;
  readonly sampling: Sampling;
}

/**
 * Time between readings of all files, ms. Other readings have only the changing files: each file takes some microseconds, and
 * memory.stat as long as all others together.
 */
const wholePeriodMs = 1_000;

/** The texts of the files at one reading. */
interface ReadingTexts {
  readonly atNs: number;
  readonly costNs: number;
  readonly texts: Parameters<FigureParser>[0];
}

/** A running time series; `stop` is idempotent, and nothing is read after it. */
export interface Sampler {
  stop(): Series;
}

/**
 * Read a trial's cgroup at a period until `stop`, or until the cgroup is gone. Files are opened now, so the container must have
 * been started.
 *
 * A reading only keeps the texts of the files. They are parsed at the end: parsing takes longer than reading, and would take
 * CPU time from the container.
 *
 * Readings are synchronous and block the rest of the harness. After each, the sampler therefore rests for at least as long as
 * the reading took, and never uses more than half of the harness's time. A late reading does not shift later ones; missed
 * periods are skipped and counted. A failed reading is counted and the series goes on. Throws RangeError for a period out of
 * bounds, and nothing else.
 */
export function startSampler(options: SamplerOptions): Sampler {
  const { processPeriodMs = 500, cgroup, trialId, containerIds, sinceStartNs } = options;
  const { periodMs = samplePeriodMs.default } = options;
  if (!(periodMs >= samplePeriodMs.min && periodMs <= samplePeriodMs.max))
    throw new RangeError(
      `a period of ${periodMs} ms is not between ${samplePeriodMs.min} and ${samplePeriodMs.max} ms`,
    );
  const { open: openFiles, parse } = cgroup.series();
  const files = openFiles();
  const taken: ReadingTexts[] = [];
  const cost = { costNs: 0, maxCostNs: 0, skipped: 0, failed: 0, processScans: 0, processScanNs: 0 };
  let failure: string | null = null;
  let processes: readonly ProcessUsage[] = [];
  let beforeSnapshot: ReadingTexts | undefined;
  let mappedAtSnapshot: MappedPages | null = null;
  let timer: NodeJS.Timeout | undefined;
  let open = true;

  const started = performance.now();
  const sinceMs = () => performance.now() - started;
  /** Number of the next reading's period; the reading of period 0 is immediate. */
  let due = 1;
  let nextScanMs = periodMs;
  let nextWholeMs = 0;
  /** The memory charge at the last reading, as text. */
  let charge: string | null = null;

  const end = () => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    cost.skipped += Math.max(0, Math.floor(sinceMs() / periodMs) - due + 1);
    files.close();
  };
  /**
   * Reads the parts of the charge only if the charge has changed since the last reading, or for a snapshot of the processes.
   */
  const readMoving = () => {
    const texts = files.read(quickFiles);
    if (texts === null || (chargeIn(texts) === charge && sinceMs() < nextScanMs)) return texts;
    const parts = files.read(chargeParts);
    return parts === null ? null : { ...texts, ...parts };
  };
  const read = () => {
    const begin = process.hrtime.bigint();
    const atNs = sinceStartNs();
    const isWhole = sinceMs() >= nextWholeMs;
    if (isWhole) nextWholeMs += wholePeriodMs;
    const texts = isWhole ? files.read() : readMoving();
    if (texts === null || Object.values(texts).every((each) => 'missing' in each)) return end();
    charge = chargeIn(texts);
    const costNs = Number(process.hrtime.bigint() - begin);
    taken.push({ atNs, costNs, texts });
    cost.costNs += costNs;
    cost.maxCostNs = Math.max(cost.maxCostNs, costNs);
  };
  const scan = () => {
    if (!open || sinceMs() < nextScanMs) return;
    const begin = process.hrtime.bigint();
    try {
      const seen = scanContainers(containerIds, cgroup.pids());
      if (processes.length === 0 || totalPss(seen.processes) > totalPss(processes)) {
        processes = seen.processes;
        mappedAtSnapshot = seen.mapped;
        // The cgroup was read just before, in the same tick.
        beforeSnapshot = taken.at(-1);
      }
      cost.processScans += 1;
      cost.processScanNs += Number(process.hrtime.bigint() - begin);
    } finally {
      nextScanMs = sinceMs() + processPeriodMs;
    }
  };
  /** Catches errors: an exception in a timer would end the harness, and one at the start the trial. */
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      cost.failed += 1;
      failure ??= error instanceof Error ? error.message : String(error);
    }
  };
  const take = (...actions: (() => void)[]) => {
    const begin = sinceMs();
    actions.forEach(attempt);
    if (!open) return;
    const now = sinceMs();
    const next = Math.max(due, Math.ceil((now + (now - begin)) / periodMs));
    cost.skipped += next - due;
    due = next;
    timer = setTimeout(onTick, Math.max(0, due * periodMs - now));
    timer.unref();
  };
  const onTick = () => {
    due += 1;
    take(read, scan);
  };
  take(read);
  let series: Series | null = null;
  return {
    stop: () => {
      end();
      series ??= understood();
      return series;
    },
  };

  /** Parses the texts into figures; null where implausible (counted as failed). */
  function figuresOf({ texts }: ReadingTexts): Reading['figures'] | null {
    let figures: Reading['figures'] | null = null;
    attempt(() => {
      figures = withoutLaggingParts(valuesOf(parse(texts, [])));
    });
    return figures;
  }

  function understood(): Series {
    const readings: Reading[] = [];
    let shmemAtSnapshotBytes: number | null = null;
    for (const each of taken) {
      const figures = figuresOf(each);
      if (figures === null) continue;
      // Without any figure the cgroup was gone.
      if (Object.keys(figures).length === 0) break;
      readings.push({ trialId, atNs: each.atNs, costNs: each.costNs, figures });
      if (each === beforeSnapshot) shmemAtSnapshotBytes = figures['memory.shmem'] ?? null;
    }
    return {
      readings,
      processes,
      shmemAtSnapshotBytes,
      mappedAtSnapshot,
      sampling: { periodMs, readings: readings.length, ...cost, failure },
    };
  }
}

/** Snapshot of a trial: its cgroup's figures and the processes that work for it. */
interface Snapshot extends ProcessScan {
  readonly reading: Reading;
}

const retryMs = 100;

/**
 * Read cgroup and processes of a running trial once the cgroup's memory.stat agrees with its charge, at the latest after {@link
 * maxLagMs}. Figures that are still implausible are omitted. The recorded cost is that of the last reading.
 */
export async function takeSnapshot(
  options: Pick<SamplerOptions, 'trialId' | 'sinceStartNs'> & {
    readonly containerIds: readonly string[];
    readonly cgroup: Pick<TrialCgroup, 'readNow' | 'pids'>;
  },
): Promise<Snapshot> {
  const { trialId, containerIds, cgroup, sinceStartNs } = options;
  const until = performance.now() + maxLagMs;
  for (;;) {
    const begin = process.hrtime.bigint();
    const atNs = sinceStartNs();
    const figures = cgroup.readNow();
    const lags = memoryStatLags(figures);
    if (lags && performance.now() < until) {
      await sleep(retryMs);
      continue;
    }
    const seen = scanContainers(containerIds, cgroup.pids());
    const costNs = Number(process.hrtime.bigint() - begin);
    const believed = lags && isMostlyUnattributed(figures) ? withoutParts(figures) : figures;
    return { reading: { trialId, atNs, costNs, figures: believed }, ...seen };
  }
}
