import type { Clock } from '../../../app/context.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type MeasuredStack, runs, type ServiceUse } from '../record.ts';
import type { Compose } from '../trying/compose.ts';
import type { StackUp, Trials } from '../trying/try.ts';
import {
  type CounterPlace,
  engineCpu,
  enginePart,
  memoryOf,
  outsideOf,
  readCpuTimes,
  usedBetween,
} from './counters.ts';
import { type Load, prepareLoad, type ReportPatterns } from './load.ts';

const text = notices('move.cost', {
  notUp: 'did not run: {services}',
  nothingUp: 'no service was left running',
  requestsFailed: 'requests failed: {line}',
  lost: 'did not run any more after it was measured: {services}',
});

/** How long a stack is looked at before the load, or without one, ms. */
const restMs = 5_000;
/** A stack that has just started works on: it is waited for while its CPU time falls, from second to second. */
const settling = { sliceMs: 1_000, mostSlices: 20, alike: 0.2, littleCpus: 0.02 } as const;

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
}

/** The figures of a stack. */
type StackFigures = Omit<MeasuredStack, 'block' | 'position' | 'runtime' | 'failure' | 'messages'>;

/** One measurement of a stack: its figures, or why there are none. */
export interface StackMeasurement {
  readonly figures: StackFigures;
  readonly failure: Message | null;
  /** Whose failure it is: of the stack, of the load, or of a load that took too long. */
  readonly of: 'stack' | 'load' | 'time';
  /** With start and removal, ms. */
  readonly tookMs: number;
}

const noFigures: StackFigures = {
  ...{
    restSeconds: 0,
    loadSeconds: 0,
    engineSeconds: 0,
    restEngineNs: null,
    loadedEngineNs: null,
    loadNs: null,
  },
  ...{ load: null, services: [] },
};

/** What is known of a stack while it is up. */
interface Looked {
  readonly figures: StackFigures;
  readonly failure: Message | null;
  readonly of: StackMeasurement['of'];
}

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
  const trial = await trials.run('together', runtime, services, under, async (up) => {
    if (up.services.length > 0) looked = await lookAt(plan, up, limitMs);
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

async function lookAt(plan: CostPlan, up: StackUp, limitMs: number): Promise<Looked> {
  const { compose, hostPlace, clock, interrupt, load, patterns } = plan;
  const { services } = up;
  const sleep = (ms: number) => clock.sleep(ms, interrupt).catch(() => undefined);
  const lost = await up.lost();
  const failed = (failure: Message, of: Looked['of']): Looked => ({ figures: noFigures, failure, of });
  if (lost.length > 0) return failed(text.notUp({ services: listed(lost) }), 'stack');
  const prepared = load === null ? null : await prepareLoad(load, up, { compose, patterns, hostPlace });
  if (prepared !== null && 'refused' in prepared) return failed(prepared.refused, 'load');
  await settled(up, sleep, interrupt);

  const read = (isEnd: boolean) => readCpuTimes(services, hostPlace, { clock, isEnd });
  const begin = read(false);
  await sleep(restMs);
  const end = read(true);
  const rested = usedBetween(begin, end);
  const memory = new Map<string, Awaited<ReturnType<typeof memoryOf>>>();
  for (const each of services) memory.set(each.service, await memoryOf(each, up));

  // Services are counted from before the load starts; the engine from after that, since starting the load is no work for them.
  const loadBegin = read(false);
  const started = prepared === null ? null : await prepared.start(interrupt);
  const engineBegin = { ns: engineCpu(hostPlace), at: clock.now() };
  const outcome =
    started === null ? null : 'refused' in started ? started : await started.end(limitMs, interrupt);
  const loadEnd = read(true);
  const ofLoad = prepared?.up == null ? new Map() : outsideOf(prepared.up, hostPlace);
  const loaded = usedBetween(loadBegin, loadEnd);
  const report = outcome === null || 'refused' in outcome ? null : await outcome.read();
  const after = new Map<string, number | null>();
  if (prepared !== null)
    for (const each of services) after.set(each.service, (await memoryOf(each, up)).privateBytes);
  const gone = await up.lost();
  // What the engine does for containers of others cannot be told from what it does for these.
  const isShared = await up.isBesideOthers();

  const hasLoad = prepared !== null;
  const figures: StackFigures = {
    restSeconds: (end.at - begin.at) / 1000,
    loadSeconds: hasLoad ? (loadEnd.at - loadBegin.at) / 1000 : 0,
    engineSeconds: hasLoad ? (loadEnd.at - engineBegin.at) / 1000 : 0,
    restEngineNs: isShared ? null : enginePart(begin.engineNs, end.engineNs, rested),
    loadedEngineNs:
      hasLoad && !isShared ? enginePart(engineBegin.ns, loadEnd.engineNs, loaded, ofLoad) : null,
    loadNs: prepared?.cpuNow() ?? null,
    load: report !== null && 'report' in report ? report.report : null,
    services: services.map(({ service }): ServiceUse => {
      const [rest, work] = [rested.get(service), loaded.get(service)];
      return {
        ...{ service, restNs: rest?.cpuNs ?? null, restOutsideNs: rest?.outsideNs ?? 0 },
        loadedNs: hasLoad ? (work?.cpuNs ?? null) : null,
        loadedOutsideNs: hasLoad ? (work?.outsideNs ?? 0) : null,
        privateBytes: memory.get(service)?.privateBytes ?? null,
        outsideBytes: memory.get(service)?.outsideBytes ?? null,
        loadedBytes: after.get(service) ?? null,
      };
    }),
  };
  if (gone.length > 0) return { figures, failure: text.lost({ services: listed(gone) }), of: 'stack' };
  for (const each of [outcome, report])
    if (each !== null && 'refused' in each)
      return { figures, failure: each.refused, of: each.isCut === true ? 'time' : 'load' };
  const line = figures.load?.failed ?? null;
  return { figures, failure: line === null ? null : text.requestsFailed({ line }), of: 'load' };
}

/** Waits until the stack uses about as much CPU time in a second as in the one before, or next to none; 20 s at most. */
async function settled(
  { services }: StackUp,
  sleep: (ms: number) => Promise<unknown>,
  interrupt: AbortSignal,
): Promise<void> {
  const total = () => services.reduce((sum, { cgroup }) => sum + (cgroup.cpuNow() ?? 0), 0);
  const { sliceMs, mostSlices, alike, littleCpus } = settling;
  let [at, before] = [total(), Number.POSITIVE_INFINITY];
  for (let slice = 0; slice < mostSlices && !interrupt.aborted; slice++) {
    await sleep(sliceMs);
    const now = total();
    const used = now - at;
    const isLittle = used < littleCpus * sliceMs * 1e6;
    if (slice > 0 && (isLittle || used >= (1 - alike) * before)) return;
    [at, before] = [now, used];
  }
}
