import { samplePeriodMs } from '../model/run.ts';
import type { ProcessUsage, Reading } from '../model/trial.ts';
import { valuesOf } from './figure.ts';
import { OpenFiles } from './open-files.ts';
import { scanProcesses, totalPss } from './process-scan.ts';
import type { TrialCgroup } from './trial-cgroup.ts';

export interface SamplerOptions {
  readonly trialId: string;
  readonly containerId: string;
  readonly cgroup: TrialCgroup;
  /** ns since the trial's `create-begin`. */
  readonly sinceStartNs: () => number;
  /** Time between readings of the cgroup, ms, within {@link samplePeriodMs}; its default unless told. */
  readonly periodMs?: number;
  /** Time between snapshots of the processes, ms; 500 unless told. The first comes after one `periodMs`. */
  readonly processPeriodMs?: number;
}

/** What a sampler saw until it was stopped. */
export interface Series {
  readonly readings: readonly Reading[];
  /** The snapshot with the highest total PSS; empty where none was taken. */
  readonly processes: readonly ProcessUsage[];
  readonly processScans: number;
  /** Wall time, ns, that all process snapshots together cost the harness. */
  readonly processScanNs: number;
}

/** A running time series; `stop` is idempotent, and nothing is read after it. */
export interface Sampler {
  stop(): Series;
}

/**
 * Reads a trial's cgroup at a period until `stop`, or until the cgroup is gone. Files are opened now, so the
 * container must have been started. A reading that comes late does not shift the ones after it; one that is
 * later than a whole period is skipped. Throws RangeError for a period out of bounds.
 */
export function startSampler(options: SamplerOptions): Sampler {
  const { processPeriodMs = 500, cgroup, trialId, containerId, sinceStartNs } = options;
  const { periodMs = samplePeriodMs.default } = options;
  if (!(periodMs >= samplePeriodMs.min && periodMs <= samplePeriodMs.max))
    throw new RangeError(
      `a period of ${periodMs} ms is not between ${samplePeriodMs.min} and ${samplePeriodMs.max} ms`,
    );
  const { files: paths, parse } = cgroup.series();
  const files = new OpenFiles(paths);
  const readings: Reading[] = [];
  let processes: readonly ProcessUsage[] = [];
  let processScans = 0;
  let processScanNs = 0;
  let timer: NodeJS.Timeout | null = null;
  let open = true;

  const end = () => {
    if (!open) return;
    open = false;
    if (timer !== null) clearTimeout(timer);
    files.close();
  };
  const read = () => {
    const begin = process.hrtime.bigint();
    const atNs = sinceStartNs();
    const texts = files.read();
    if (texts === null) return end();
    const figures = valuesOf(parse(texts, []));
    if (Object.keys(figures).length === 0) return end();
    readings.push({ trialId, atNs, costNs: Number(process.hrtime.bigint() - begin), figures });
  };
  const scan = () => {
    const begin = process.hrtime.bigint();
    const seen = scanProcesses({ containerId, cgroupPids: cgroup.pids() });
    processScans += 1;
    processScanNs += Number(process.hrtime.bigint() - begin);
    if (processes.length === 0 || totalPss(seen) > totalPss(processes)) processes = seen;
  };

  const started = performance.now();
  let nextScanMs = started + periodMs;
  let tick = 0;
  const schedule = () => {
    if (!open) return;
    tick = Math.max(tick + 1, Math.floor((performance.now() - started) / periodMs) + 1);
    timer = setTimeout(onTick, Math.max(0, started + tick * periodMs - performance.now()));
    timer.unref();
  };
  const onTick = () => {
    read();
    if (open && performance.now() >= nextScanMs) {
      scan();
      nextScanMs = performance.now() + processPeriodMs;
    }
    schedule();
  };
  read();
  schedule();
  return {
    stop: () => {
      end();
      return { readings, processes, processScans, processScanNs };
    },
  };
}
