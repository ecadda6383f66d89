import { median } from 'simple-statistics';
import { profileText } from '../../../core/analyze/runs/provenance.ts';
import { type PairedT, pairedT, withWiderError } from '../../../core/analyze/stats/paired-centre.ts';
import { collectSamples } from '../../../core/analyze/values/samples.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { defaultProfile, profileName } from '../../../core/model/runtime/container-profile.ts';
import { type Cell, cellKey, parseParams } from '../../../core/model/trial/cell.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import { leastNights } from './alarm-thresholds.ts';
import { categoryLines } from './category-lines.ts';
import { learningResult } from './learning.ts';
import type { Digest, NightInput } from './night-input.ts';
import { type HeadlineLine, historyVersion, type NightProvenance } from './record.ts';
import { type DrawnLine, lineEstimate, seriesName } from './series.ts';

/** Subject of a figure, for its provenance. */
interface FigureSubject {
  readonly cell: Cell;
  /** Runtime it is compared with; null for values. */
  readonly reference: string | null;
  /** Digest of the workload's definition. */
  readonly workload: string;
  readonly digest: Digest;
}

/** What a figure was measured with, and on. */
function nightProvenance(
  run: RunRecord,
  { cell, reference, workload, digest }: FigureSubject,
): NightProvenance {
  const { engine } = run;
  const subject = run.subjects.find((each) => each.workload === cell.workload && each.params === cell.params);
  const image = run.images.find(({ recipe }) => recipe === subject?.image)?.contentHash ?? null;
  const profile = run.config.profiles?.find(({ name }) => name === cell.profile && name !== defaultProfile);
  const mitigations = Object.entries(run.host.mitigations).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    harness: run.harnessVersion,
    kernel: run.host.kernel,
    cpu: run.host.cpuModel,
    cpus: run.host.cpus,
    microcode: run.host.microcode,
    mitigations: digest(JSON.stringify(mitigations)),
    governor: run.host.governor,
    engine: engine.kind,
    engineVersion: engine.version,
    containerd: engine.containerdVersion,
    cgroup: run.host.cgroup,
    daemon: daemonOf(engine),
    runtime: programOf(run, cell.runtime),
    reference: reference === null ? null : programOf(run, reference),
    image,
    workload,
    ...(profile === undefined ? {} : { profile: digest(profileText(profile)) }),
  };
}

/** What a daemon does to every container. How many other containers run is not a setting. */
function daemonOf(engine: RunRecord['engine']): Readonly<Record<string, string>> {
  const { otherContainers: _, ...conditions } = engine.conditions ?? {};
  const settings = {
    storageDriver: engine.storageDriver,
    cgroupDriver: engine.cgroupDriver,
    userns: engine.userns === undefined ? 'none' : `${engine.userns.uid}:${engine.userns.gid}`,
    ...conditions,
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function programOf({ runtimes }: RunRecord, name: string): NightProvenance['runtime'] {
  const found = runtimes.find(({ entry }) => entry.name === name);
  const { version = null, sha256 = null, sidecars } = found ?? {};
  return { version, sha256, ...(sidecars === undefined ? {} : { sidecars: sidecars.sha256 }) };
}

/** Minimum number of blocks for an estimate of the spread. */
const fewestBlocks = 3;
/** One comparison that a night makes for each subject. */
interface Comparison {
  readonly runtime: string;
  readonly against: HeadlineLine['against'];
  readonly reference: string | null;
}

/**
 * The lines of a night. For each subject and profile, by the headline metric: the watched runtimes against their pins, the pins
 * against the pinned baseline, and the pinned baseline's own values. Then the same ratios of whole categories. A figure has no
 * line if a block has a value that is not positive, or if there are fewer than three blocks.
 */
export function headlineLines(input: NightInput): readonly HeadlineLine[] {
  const { run, measurements, workloads, host, fromBlock, digest } = input;
  const cells = collectSamples(measurements.filter(({ block }) => block >= fromBlock));
  const compared = comparisonsOf(input);
  const drawn: DrawnLine[] = [];
  for (const { workload: id, params, layer, category, profile } of run.subjects) {
    const workload = workloads.find((each) => each.id === id);
    const metric = workload?.metrics[0];
    if (workload === undefined || metric === undefined || category === 'isolation') continue;
    const subject = {
      profile: profileName(profile),
      layer: layer ?? 'docker',
      workload: id,
      params,
    } as const;
    const valuesOf = (runtime: string) =>
      cells.get(cellKey({ ...subject, runtime }))?.samples.get(metric.id)?.byBlock;
    for (const { runtime, against, reference } of compared) {
      const values = valuesOf(runtime);
      const logs = logsOf(values, reference === null ? null : valuesOf(reference));
      const test = logs === null || logs.size < fewestBlocks ? null : pairedT([...logs.values()]);
      if (values === undefined || logs === null || test === null) continue;
      const cell: Cell = { ...subject, runtime };
      const line: HeadlineLine = {
        kind: 'headline',
        ...whenOf(run, host),
        run: run.runId,
        stage: input.stage,
        ...cell,
        category,
        metric: metric.id,
        unit: metric.unit,
        better: metric.better,
        against,
        reference,
        series: seriesName(cell, metric.id, reference),
        ...estimateOf(withWiderError(test, input.widening)),
        pairs: test.n,
        median: median([...values.values()]),
        ...trialsOf(cell, input),
        ...(input.learning && against === 'pin' ? learntOf(logs) : {}),
        provenance: nightProvenance(run, {
          cell,
          reference,
          digest,
          workload: digest(contentOf(workload, params)),
        }),
      };
      drawn.push({ line, logs });
    }
  }
  return [...drawn.map(({ line }) => line), ...categoryLines(drawn, input)];
}

/** The fields of every line of a night that say when and where. */
export function whenOf({ startedAt }: Pick<RunRecord, 'startedAt'>, host: string) {
  return { schema: historyVersion, night: startedAt.slice(0, 10), at: startedAt, host } as const;
}

function comparisonsOf({ run, pins }: NightInput): readonly Comparison[] {
  const { baseline } = run.config;
  return [
    ...[...pins].map(([runtime, pin]): Comparison => ({ runtime, against: 'pin', reference: pin })),
    ...[...pins.values()]
      .filter((pin) => pin !== baseline)
      .map((runtime): Comparison => ({ runtime, against: 'baseline', reference: baseline })),
    { runtime: baseline, against: 'none', reference: null },
  ];
}

/** block → logarithm of the value, or of its ratio to the reference's value; null if any value is not positive. */
function logsOf(
  values: ReadonlyMap<number, number> | undefined,
  reference: ReadonlyMap<number, number> | null | undefined,
): ReadonlyMap<number, number> | null {
  if (values === undefined || reference === undefined) return null;
  const logs = new Map<number, number>();
  for (const [block, value] of values) {
    const divisor = reference === null ? 1 : reference.get(block);
    if (divisor === undefined) continue;
    if (value <= 0 || divisor <= 0) return null;
    logs.set(block, Math.log(value) - Math.log(divisor));
  }
  return logs;
}

function estimateOf(test: PairedT): Pick<HeadlineLine, 'estimate' | 'low' | 'high' | 'logError' | 'df'> {
  return lineEstimate({ log: test.mean, se: test.se, df: test.n - 1 });
}

/** What a line of an evening counts as. */
function learntOf(logs: ReadonlyMap<number, number>): Pick<HeadlineLine, 'counts'> {
  const inOrder = [...logs].toSorted(([a], [b]) => a - b).map(([, log]) => log);
  return learningResult(inOrder) === 'learnt' ? { counts: leastNights } : {};
}

function trialsOf(
  cell: Cell,
  { trials, fromBlock }: NightInput,
): Pick<HeadlineLine, 'failures' | 'disturbed'> {
  const key = cellKey(cell);
  const own = trials.filter(
    (trial) => trial.phase === 'measure' && trial.block >= fromBlock && cellKey(trial.cell) === key,
  );
  const failures = own.filter(({ outcome }) => ['failed', 'timed-out'].includes(outcome.status)).length;
  const disturbed = own.filter(({ noise }) => (noise?.flags.length ?? 0) > 0).length;
  return { failures, disturbed: own.length === 0 ? 0 : disturbed / own.length };
}

/** Definition of a workload with these parameters, as text for a digest. */
function contentOf(workload: Workload, params: string): string {
  const { id, metrics, observe } = workload;
  const parameters = parseParams(params);
  const steps = workload.steps?.(parameters) ?? [];
  const container = workload.container(parameters);
  return JSON.stringify({ id, metric: metrics[0]?.id, observe, container, steps });
}
