import { formatParams } from '../../../../src/core/model/trial/cell.ts';
import type { TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import {
  type Arm,
  type ProbeComparison,
  runtimeComparisons,
} from '../../../../src/features/proof/calibrate/comparisons.ts';
import { probes } from '../../../../src/features/proof/calibrate/probe.ts';
import { output, trialRecord } from '../../../support/records.ts';

/** The comparison of that id for a runtime called `runc`, or for gVisor. */
export function comparison(id: string, family: 'runc' | 'runsc' = 'runc'): ProbeComparison {
  const found = runtimeComparisons(family, family).find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no comparison ${id}`);
  return found;
}

export interface ProbeSays {
  readonly cpuNs?: number;
  readonly touched?: number;
  readonly lifeNs?: number;
  readonly lateCpuNs?: number;
}

/** A trial of an arm whose program said `says`. */
export function probeTrial(
  arm: Arm,
  block: number,
  says: ProbeSays,
  more: Partial<TrialRecord> = {},
): TrialRecord {
  const { cpuNs = 0, touched = 0, lifeNs = 0, lateCpuNs = 0 } = says;
  return trialRecord({
    cell: {
      runtime: arm.runtime,
      profile: 'default',
      layer: 'docker',
      workload: probes[arm.probe].id,
      params: formatParams({ ...arm.task }),
    },
    block,
    phase: block === 0 ? 'warmup' : 'measure',
    output: output(
      `ready cpu_ns=${cpuNs} wall_ns=1000 touched=${touched} written=0 forked=0\nend life_ns=${lifeNs} late_cpu_ns=${lateCpuNs}\n`,
    ),
    ...more,
  });
}

/** Figures of a trial's cgroup. */
export function figures(values: Readonly<Record<string, number | string>>): Partial<TrialRecord> {
  const figure = (value: number | string) =>
    typeof value === 'number' ? { value, source: 'test' } : { absent: value };
  return {
    cgroup: {
      source: 'v2',
      path: 'p',
      figures: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, figure(value)])),
    },
  };
}
