import type { CapacityPlan } from '../../../../src/features/capacity/plan/capacity-plan.ts';
import type {
  HostType,
  Interval,
  PlannedService,
} from '../../../../src/features/capacity/plan/input-record.ts';
import { type PlanSources, planOf } from '../../../../src/features/capacity/plan/plan.ts';
import type { RatioResult, ResolvedService } from '../../../../src/features/capacity/plan/resolved.ts';
import { exactly, type RuntimeCost } from '../../../../src/features/capacity/plan/runtime-cost.ts';
import { runRecord } from '../../../support/records.ts';

export const gibibyte = 2 ** 30;

/** A runtime that adds nothing, but for what is said. */
export function madeCost(runtime: string, parts: Partial<RuntimeCost> = {}): RuntimeCost {
  return {
    runtime,
    kind: 'measured',
    podFixed: { memoryBytes: 0, cpus: 0 },
    fixedBytes: exactly(0),
    share: exactly(0),
    onceBytes: exactly(0),
    idleCpus: exactly(0),
    startCpuNs: exactly(1e9),
    inside: null,
    knee: null,
    notes: [],
    ...parts,
  };
}

/** A service of so many CPUs and GiB; under other runtimes than runc it takes `ratio` times the CPU time. */
export function madeService(
  name: string,
  of: {
    readonly replicas: number;
    readonly cpus: number;
    readonly gib: number;
    readonly ratio?: Interval;
    readonly parts?: Partial<PlannedService>;
    readonly runtimes?: readonly string[];
  },
): ResolvedService {
  const { replicas, cpus, gib, ratio = exactly(1), parts = {}, runtimes = ['runsc'] } = of;
  return {
    service: {
      at: 0,
      name,
      replicas,
      recording: null,
      workload: null,
      concurrency: null,
      storm: null,
      runtimes: null,
      cpu: { usage: null, request: null, limit: null, ratios: new Map() },
      memory: { usage: null, request: null, limit: null },
      slo: { kind: 'utilisation', utilisation: 1 },
      ...parts,
    },
    cpuUsage: exactly(cpus),
    cpuFrom: 'given',
    memoryUsage: exactly(gib * gibibyte),
    memoryFrom: 'given',
    ratios: new Map<string, RatioResult>([
      ['runc', { ratio: exactly(1), from: 'same-kernel' }],
      ...runtimes.map((runtime): [string, RatioResult] => [runtime, { ratio, from: 'given' }]),
    ]),
    notes: [],
  };
}

export const madeHost = (parts: Partial<HostType> = {}): HostType => ({
  name: 'host',
  cpus: 8,
  memoryBytes: 32 * gibibyte,
  reserved: { cpus: 0, memoryBytes: 0 },
  maxPods: null,
  price: null,
  count: null,
  ...parts,
});

/** A plan of made services under runc and other runtimes. */
export function madePlan(
  services: readonly ResolvedService[],
  parts: {
    readonly costs?: readonly RuntimeCost[];
    readonly hosts?: readonly HostType[];
    readonly budget?: number;
    readonly draws?: number;
  } = {},
): CapacityPlan {
  const { costs = [madeCost('runc'), madeCost('runsc')], hosts = [madeHost()] } = parts;
  const sources: PlanSources = {
    input: { hosts, currency: 'EUR' },
    services,
    costs: new Map(costs.map((cost) => [cost.runtime, cost])),
    today: 'runc',
    run: runRecord(),
  };
  const { budget = 0.1, draws = 40 } = parts;
  return planOf(sources, { seed: 1, draws, budget, confidence: 0.95 });
}
