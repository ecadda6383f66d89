import type { Clock } from '../../../app/reporter.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { restCpusOf } from '../figures.ts';
import { type MeasuredStack, runs, type ServiceUse } from '../record.ts';
import type { Compose } from '../trying/compose.ts';
import type { StackUp, Trials } from '../trying/try.ts';
import { type CounterPlace, memoryOf, readCpuTimes, usedBetween } from './counters.ts';
import { type Load, prepareLoad, type Refused, type ReportPatterns } from './load.ts';

const text = notices('move.cost', {
  notUp: 'did not run: {services}',
  nothingUp: 'no service was running any more',
  lost: 'stopped during the measurement: {services}',
});

/** What the load leaves may end before the stack is looked at again: so many times that look, and at most, ms. */
const afterPause = { times: 1 / 6, mostMs: 1_000 } as const;
/**
 * A stack that has just started works on, and is waited for: each service until it uses next to nothing, or at most so many times
 * what it is known to use at rest; of one of which nothing is known, little that does not fall any more is enough.
 */
const settling = {
  sliceMs: 1_000,
  mostSlices: 40,
  nothingCpus: 0.02,
  littleCpus: 0.1,
  timesKnown: 1.5,
  alike: 0.2,
} as const;

const isLikeRest = (cpus: number, known: number): boolean =>
  cpus <= settling.timesKnown * known + settling.nothingCpus;

/** The CPUs that services use at rest under a runtime, by `restKey`: the least that was seen. Measurements add to it. */
type RestCpus = Map<string, number>;

const restKey = (runtime: string, service: string) => `${runtime} ${service}`;

/** How costs are measured. */
export interface CostPlan {
  readonly trials: Pick<Trials, 'run'>;
  readonly compose: Compose;
  readonly hostPlace: CounterPlace;
  readonly clock: Clock;
  readonly interrupt: AbortSignal;
  readonly baseline: string;
  /** The services of the stack that run under the baseline, and those of them that end there: tasks. */
  readonly services: readonly string[];
  readonly tasks: ReadonlySet<string>;
  readonly load: Load | null;
  readonly patterns: ReportPatterns;
  readonly restCpus: RestCpus;
  /** How long the stack is looked at before the load, or without one, and after it, ms. */
  readonly idleMs: number;
  /** How long the load runs once before it is measured, ms; 0: not at all. */
  readonly warmMs: number;
}

/** The figures of a stack. */
type StackFigures = Omit<MeasuredStack, 'block' | 'position' | 'runtime' | 'failure' | 'messages'>;

/** One measurement of a stack: its figures, or why there are none. */
export interface StackMeasurement {
  readonly figures: StackFigures;
  readonly failure: Message | null;
  /** What the user can change of a load that failed. */
  readonly fix?: Message;
  /** Can a load have failed only because it ran before? */
  readonly isOfSecondRun?: boolean;
  /** Whose failure it is: of the stack, of the load, or of a load that took too long. */
  readonly of: 'stack' | 'load' | 'time';
  /** With start and removal, ms. */
  readonly tookMs: number;
}

const noFigures: StackFigures = {
  restSeconds: 0,
  loadSeconds: 0,
  afterSeconds: 0,
  loadNs: null,
  load: null,
  services: [],
};

type Looked = Omit<StackMeasurement, 'tookMs'>;

/** Starts the stack with `under` under `runtime`, and measures it at rest and while the load runs. */
export async function measureStack(
  plan: CostPlan,
  runtime: string,
  under: readonly string[],
  limitMs: number,
): Promise<StackMeasurement> {
  const { trials, clock, services, tasks } = plan;
  const began = clock.now();
  let looked: Looked = { figures: noFigures, failure: text.nothingUp, of: 'stack' };
  const trial = await trials.run(runtime, services, under, async (up) => {
    if (up.services.length > 0) looked = await lookAt(plan, up, { runtime, limitMs });
  });
  const broken = trial.services
    .filter(({ service, outcome }) => !runs(outcome) || (outcome === 'done') !== tasks.has(service))
    .map(({ service }) => service);
  return {
    ...looked,
    ...(broken.length > 0 ? { failure: text.notUp({ services: listed(broken) }), of: 'stack' } : {}),
    tookMs: clock.now() - began,
  };
}

async function lookAt(
  plan: CostPlan,
  up: StackUp,
  { runtime, limitMs }: { readonly runtime: string; readonly limitMs: number },
): Promise<Looked> {
  const { hostPlace, clock, interrupt, load, restCpus, idleMs, warmMs } = plan;
  const { services } = up;
  const sleep = (ms: number) => clock.sleep(ms, interrupt).catch(() => undefined);
  const lost = await up.lost();
  if (lost.length > 0)
    return { figures: noFigures, failure: text.notUp({ services: listed(lost) }), of: 'stack' };
  const prepared = load === null ? null : await prepareLoad(load, up, plan);
  if (prepared !== null && 'refused' in prepared) return { figures: noFigures, ...failureOf(prepared) };
  await settled(up, { runtime, restCpus, clock, sleep, interrupt });

  const read = (isEnd: boolean) => readCpuTimes(services, hostPlace, { clock, isEnd });
  const begin = read(false);
  await sleep(idleMs);
  const end = read(true);
  const rested = usedBetween(begin, end);
  const memory = new Map<string, Awaited<ReturnType<typeof memoryOf>>>();
  for (const each of services) memory.set(each.service, await memoryOf(each, up));

  if (warmMs > 0) await prepared?.warmUp(warmMs, interrupt);
  const loadNsBefore = prepared?.cpuNow() ?? 0;
  const loadBegin = read(false);
  const started = prepared === null ? null : await prepared.start(interrupt);
  const outcome =
    started === null ? null : 'refused' in started ? started : await started.end(limitMs, interrupt);
  const loadEnd = read(true);
  const loaded = usedBetween(loadBegin, loadEnd);
  const report = outcome === null || 'refused' in outcome ? outcome : outcome.read();
  const held = new Map<string, number | null>();
  if (prepared !== null)
    for (const each of services) held.set(each.service, (await memoryOf(each, up)).privateBytes);
  // Is it known that it was at rest before? If not, one may still have been starting, and is looked at once more.
  const usedAtRest = (service: string) => (rested.get(service)?.cpuNs ?? 0) / 1e6 / (end.at - begin.at);
  const isLookedAtAgain =
    prepared !== null &&
    services.some(({ service }) => {
      const known = restCpus.get(restKey(runtime, service));
      return known === undefined || !isLikeRest(usedAtRest(service), known);
    });
  if (isLookedAtAgain) await sleep(Math.min(afterPause.mostMs, afterPause.times * idleMs));
  const afterBegin = read(false);
  if (isLookedAtAgain) await sleep(idleMs);
  const afterEnd = read(true);
  const afterwards = isLookedAtAgain ? usedBetween(afterBegin, afterEnd) : null;
  const gone = await up.lost();

  const hasLoad = prepared !== null;
  const figures: StackFigures = {
    restSeconds: (end.at - begin.at) / 1000,
    loadSeconds: hasLoad ? (loadEnd.at - loadBegin.at) / 1000 : 0,
    afterSeconds: isLookedAtAgain ? (afterEnd.at - afterBegin.at) / 1000 : 0,
    loadNs: prepared === null ? null : (prepared.cpuNow() ?? loadNsBefore) - loadNsBefore,
    load: report !== null && 'report' in report ? report.report : null,
    services: services.map(({ service }): ServiceUse => {
      const [rest, work, after] = [rested.get(service), loaded.get(service), afterwards?.get(service)];
      return {
        service,
        restNs: rest?.cpuNs ?? null,
        restOutsideNs: rest?.outsideNs ?? 0,
        loadedNs: hasLoad ? (work?.cpuNs ?? null) : null,
        loadedOutsideNs: hasLoad ? (work?.outsideNs ?? 0) : null,
        afterNs: after?.cpuNs ?? null,
        afterOutsideNs: after?.outsideNs ?? null,
        privateBytes: memory.get(service)?.privateBytes ?? null,
        outsideBytes: memory.get(service)?.outsideBytes ?? null,
        loadedBytes: held.get(service) ?? null,
      };
    }),
  };
  if (gone.length > 0) return { figures, failure: text.lost({ services: listed(gone) }), of: 'stack' };
  if (report !== null && 'refused' in report) return { figures, ...failureOf(report) };
  for (const each of figures.services) {
    const cpus = restCpusOf(figures, each);
    const key = restKey(runtime, each.service);
    if (cpus !== null) restCpus.set(key, Math.min(cpus, restCpus.get(key) ?? cpus));
  }
  return { figures, failure: null, of: 'stack' };
}

type LoadFailure = Pick<Looked, 'failure' | 'fix' | 'of' | 'isOfSecondRun'>;

const failureOf = ({ refused, fix, isCut, isOfSecondRun = false }: Refused): LoadFailure => ({
  failure: refused,
  isOfSecondRun,
  of: isCut === true ? 'time' : 'load',
  ...(fix === undefined ? {} : { fix }),
});

/** Waits until every service is at rest, for {@link settling} slices at most. */
async function settled(
  { services }: StackUp,
  how: {
    readonly runtime: string;
    readonly restCpus: RestCpus;
    readonly clock: Clock;
    readonly sleep: (ms: number) => Promise<unknown>;
    readonly interrupt: AbortSignal;
  },
): Promise<void> {
  const { runtime, restCpus, clock, sleep, interrupt } = how;
  const { sliceMs, mostSlices, nothingCpus, littleCpus, alike } = settling;
  const read = () => ({ at: clock.now(), ns: services.map(({ cgroup }) => cgroup.cpuNow() ?? 0) });
  let [last, before] = [read(), services.map(() => Number.POSITIVE_INFINITY)];
  const atRest = new Set<string>();
  for (let slice = 0; slice < mostSlices && !interrupt.aborted; slice++) {
    await sleep(sliceMs);
    const now = read();
    const ms = Math.max(1, now.at - last.at);
    const used = now.ns.map((ns, at) => (ns - (last.ns[at] ?? ns)) / 1e6 / ms);
    // Health checks come at other times for each: once at rest is enough.
    for (const [at, { service }] of services.entries()) {
      const [cpus = 0, earlier = 0, known] = [used[at], before[at], restCpus.get(restKey(runtime, service))];
      const isLow =
        known === undefined ? cpus <= littleCpus && cpus >= (1 - alike) * earlier : isLikeRest(cpus, known);
      if (cpus <= nothingCpus || isLow) atRest.add(service);
    }
    if (atRest.size === services.length) return;
    [last, before] = [now, used];
  }
}
