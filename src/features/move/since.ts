import { costsOf } from './costs.ts';
import { type CostMetric, costMetrics } from './figures.ts';
import type { MoveRecord } from './record.ts';

/** The comparison of a move with one before. */
export type Since = NonNullable<MoveRecord['since']>;

/** The costs of the stack that are compared. CPUs for a rate follow from the first two. */
const compared = ['request', 'rest', 'memory', 'rate', 'p99', 'p50', 'mean'] as const;

type Compared = (typeof compared)[number];
const isCompared = (metric: CostMetric): metric is Compared => compared.some((one) => one === metric);

/**
 * What became worse since a move before: a service that moved and does not now, or a cost of the stack whose interval lies beyond
 * the one before by more than what counts as no difference.
 */
export function compareMoves(now: MoveRecord, before: MoveRecord): Since {
  const { moveId, startedAt } = before;
  const verdicts = now.verdicts.flatMap(({ service, runtime, verdict }) => {
    const was = before.verdicts.find((each) => each.service === service && each.runtime === runtime);
    const isWorse =
      was === undefined
        ? verdict === 'cannot'
        : was.verdict === 'moves' && /^(?:cannot|unknown)$/.test(verdict);
    return isWorse ? [{ service, runtime, metric: null, was: null, is: null }] : [];
  });
  const practical = 1 + (now.cost?.thresholds.practical ?? 0);
  const then = ratiosOf(before);
  const costs = [...ratiosOf(now)].flatMap(([key, { runtime, metric, ratio: is }]) => {
    const was = then.get(key)?.ratio;
    if (was?.low == null || was.high === null || is.low === null || is.high === null) return [];
    const isBetterHigher = costMetrics[metric].above === 'faster';
    const isWorse = isBetterHigher ? is.high < was.low / practical : is.low > was.high * practical;
    return isWorse ? [{ service: null, runtime, metric, was: was.value, is: is.value }] : [];
  });
  return { moveId, startedAt, changed: [...changesIn(now, before)], worse: [...verdicts, ...costs] };
}

/** The ratios of a stack, by runtime and metric. */
function ratiosOf({ cost, baseline }: MoveRecord) {
  const rows = (cost === undefined ? [] : costsOf(cost, baseline))
    .filter(({ survivorsOf }) => survivorsOf === null)
    .flatMap(({ runtime, rows: all }) => all.map((row) => ({ ...row, runtime })));
  return new Map(
    rows.flatMap(({ service, metric, runtime, ratio }) =>
      service === null && ratio !== null && isCompared(metric)
        ? [[`${runtime} ${metric}`, { runtime, metric, ratio }] as const]
        : [],
    ),
  );
}

/** What of host, engine and runtimes is not as it was: `runsc 20240729.0 → 20250107.0`. */
function changesIn(now: MoveRecord, before: MoveRecord): readonly string[] {
  const facts = ({ host, engine, composeVersion, runtimes, stack }: MoveRecord) =>
    new Map<string, string>([
      ['CPU', host.cpuModel],
      ['CPUs', String(host.cpus)],
      ['Linux', host.kernel],
      ['Docker', engine.version],
      ['Compose', composeVersion],
      ...runtimes.map(({ entry, version }) => [entry.name, version ?? ''] as const),
      ...stack.services.map(({ service, image }) => [service, image] as const),
    ]);
  const were = facts(before);
  return [...facts(now)].flatMap(([name, is]) => {
    const was = were.get(name);
    return was === undefined || was === is ? [] : [`${name} ${was} → ${is}`];
  });
}
