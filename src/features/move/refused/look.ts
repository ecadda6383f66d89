import type { AppContext } from '../../../app/context.ts';
import { external, listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { OcibenchError } from '../../../core/model/failure/error.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import { callText, type MoveTrial, type RefusedCall, type TriedService } from '../record.ts';
import { imageOf, pick, type Stack, withDependencies } from '../stack/stack.ts';
import { Compose } from '../trying/compose.ts';
import { DockerProgram } from '../trying/docker-program.ts';
import { Trials, type TryPlace } from '../trying/try.ts';
import { nativeOf, says } from '../verdicts.ts';
import { clearLogs, limitsLogs, readTrace } from './logs.ts';
import { type FailureOf, refusalIn } from './refusal.ts';
import {
  copyImages,
  type ImageCopies,
  isTraceable,
  openTracedEngine,
  type TracedEngine,
} from './traced-engine.ts';

const text = notices('move.traced', {
  looking: 'looking for the system call that {runtime} refuses: {services}',
  found: '{service} under {runtime}: last refused system call: {call}',
  unknown: '{service} under {runtime}: the refused call was not found: {what}',
  byShim: 'it is registered by runtimeType, so its flags are in a file',
  otherwise: 'it did not fail again in the same way',
  none: 'no refused call explains it',
  tooMuch: 'it made more calls than the log holds',
  noEngine: 'no separate engine could be started: {said}',
});

/**
 * How long a service that failed, and each of its health checks, is waited for: what logs every call is several times slower. A
 * look at a check is over with the first that fails as before.
 */
const longest = { ms: 60_000, check: '30s' } as const;

/** A service that failed under a runtime. */
export interface FailedTry {
  readonly runtime: string;
  readonly tried: TriedService;
  readonly of: FailureOf;
}

/** Where the failures were seen. */
export interface LookPlace {
  /** Of the trials. */
  readonly place: TryPlace;
  readonly runtimes: readonly RuntimeFacts[];
  /** Of the engine that has the images. */
  readonly endpoint: string;
  readonly directory: string;
}

/**
 * The trials, with the calls that gVisor refused to the services that cannot move there: each is started once more, with what it
 * needs, in an engine of our own whose runsc logs calls. Nothing is said where it does not fail as it did.
 */
export async function withRefusedCalls(
  { reporter }: Pick<AppContext, 'reporter'>,
  trials: readonly MoveTrial[],
  look: LookPlace,
): Promise<readonly MoveTrial[]> {
  const { place, runtimes, endpoint, directory } = look;
  const { interrupt, runId, hostPlace } = place;
  const failures = failuresIn(trials, look);
  const [first] = failures;
  if (first === undefined || interrupt.aborted) return trials;
  for (const runtime of new Set(failures.map((each) => each.runtime))) {
    const services = failures.filter((each) => each.runtime === runtime).map(({ tried }) => tried.service);
    reporter.log(text.looking({ runtime, services: listed(services) }));
  }
  const isShim = ({ runtime }: FailedTry) =>
    runtimes.some(({ entry }) => entry.name === runtime && !isTraceable(entry));
  const answers = new Map<FailedTry, RefusedCall | Message>();
  const say = (failure: FailedTry, answer: RefusedCall | Message) => {
    const { runtime } = failure;
    const { service } = failure.tried;
    answers.set(failure, answer);
    reporter.log(
      'call' in answer
        ? text.found({ service, runtime, call: callText(answer) })
        : text.unknown({ service, runtime, what: answer }),
    );
  };
  for (const each of failures.filter(isShim)) say(each, text.byShim);
  const left = failures.filter((each) => !isShim(each));
  if (left.length === 0) return trials;
  try {
    const entries = runtimes.map(({ entry }) => entry);
    const logging = new Set(left.map(({ runtime }) => runtime));
    await using engine = await openTracedEngine(
      entries.filter(({ name }) => name === place.baseline || logging.has(name)),
      { runId, layout: hostPlace.layout, logging },
    );
    const docker = (address: string) => new DockerProgram(address, directory);
    const images: ImageCopies = {
      from: docker(endpoint),
      to: docker(engine.endpoint),
      scratch: engine.scratch,
      copied: new Map(),
      bytes: 0,
    };
    for (const failure of left) {
      if (interrupt.aborted) break;
      const answer = await lookAt(failure, place, { engine, images, directory });
      // What was cut off says nothing.
      if (!interrupt.aborted) say(failure, answer);
    }
  } catch (error) {
    // The verdicts do not depend on it.
    const said = error instanceof OcibenchError ? recalled(error, 'message') : external(String(error));
    for (const each of left) if (!answers.has(each)) say(each, text.noEngine({ said }));
  }
  const found = new Map<TriedService, RefusedCall>();
  for (const [{ tried }, answer] of answers) if ('call' in answer) found.set(tried, answer);
  return trials.map((trial) => ({
    ...trial,
    services: trial.services.map((tried) => {
      const refused = found.get(tried);
      return refused === undefined ? tried : { ...tried, refused };
    }),
  }));
}

/** The services that failed by themselves under a runtime of gVisor, in their last trial there. */
function failuresIn(trials: readonly MoveTrial[], { place, runtimes }: LookPlace): readonly FailedTry[] {
  const native = nativeOf(trials);
  const ofGvisor = runtimes.filter(({ family }) => family === 'runsc').map(({ entry }) => entry.name);
  const last = new Map<string, FailedTry | null>();
  for (const trial of trials.filter((each) => ofGvisor.includes(each.runtime))) {
    const { runtime, under } = trial;
    const { broke } = says(trial, native, place.stack);
    for (const tried of trial.services.filter(({ service }) => under.includes(service))) {
      const of = broke.includes(tried.service) ? failureOf(tried) : null;
      // Without its network or its data, a check can fail in another way.
      const isElsewhere = of === 'check' && (place.outside || place.data !== null);
      const failed = of === null || isElsewhere ? null : { runtime, tried, of };
      last.set(JSON.stringify([runtime, tried.service]), failed);
    }
  }
  return [...last.values()].filter((failed) => failed !== null);
}

/** What failed: the service itself, or its health check; null where calls do not tell it. */
function failureOf({ outcome, oomKilled, said }: TriedService): FailureOf | null {
  if (oomKilled) return null;
  if (outcome === 'exited' || outcome === 'done') return 'service';
  const isChecked = outcome === 'unhealthy' || outcome === 'late';
  return isChecked && said !== '' ? 'check' : null;
}

/** Tries a service once more, and reads what was refused; or says why that is not known. */
export async function lookAt(
  { runtime, tried, of }: FailedTry,
  place: TryPlace,
  inside: {
    readonly engine: Pick<TracedEngine, 'endpoint' | 'logs'>;
    readonly images: ImageCopies;
    readonly directory: string;
  },
): Promise<RefusedCall | Message> {
  const { engine, images, directory } = inside;
  const { service } = tried;
  const names = withDependencies(place.stack, [service]);
  const wanted = names.map((name) => imageOf(place.stack, name));
  const obstacle = await copyImages(wanted, images, place.interrupt);
  if (obstacle !== null) return obstacle;
  await clearLogs(engine.logs);
  using limit = limitsLogs(engine.logs);
  const trials = new Trials({
    ...place,
    stack: stackOf(place.stack, names, images.copied, service),
    compose: new Compose(new DockerProgram(engine.endpoint, directory), directory, []),
    // Copies of data are volumes of the other engine.
    data: null,
    hostPlace: { ...place.hostPlace, driver: 'cgroupfs' },
    limitMs: longest.ms,
    // Slower than it was, it is given the time to end.
    ending: of === 'service' ? [service] : [],
    isEnough: (name, { lastCheck }) =>
      of === 'check' && name === service && saysTheSame(tried.said, lastCheck),
    interrupt: AbortSignal.any([place.interrupt, limit.signal]),
    explain: () => ({ code: '', message: '' }),
    onLeft: () => undefined,
  });
  const { services } = await trials.run(runtime, [service], [service]);
  if (limit.signal.aborted) return text.tooMuch;
  const again = services.find((each) => each.service === service);
  if (again === undefined || !isAlike(tried, again, of)) return text.otherwise;
  return refusalIn(await readTrace(engine.logs), of) ?? text.none;
}

/** The services of a look, with the images of its engine; the one that failed is not started again. */
function stackOf(
  stack: Stack,
  names: readonly string[],
  images: ReadonlyMap<string, string>,
  failed: string,
): Stack {
  const services = Object.entries(pick(stack.services, new Set(names))).map(([name, own]) => {
    const given = imageOf(stack, name);
    const image = images.get(given) ?? given;
    const { deploy, healthcheck } = own;
    const once = {
      restart: 'no',
      deploy: { ...deploy, restart_policy: { condition: 'none' } },
      ...(healthcheck === undefined ? {} : { healthcheck: { ...healthcheck, timeout: longest.check } }),
    };
    return [name, { ...own, ...(name === failed ? once : {}), image }] as const;
  });
  return { ...stack, services: Object.fromEntries(services) };
}

/** The last line of a text. */
const lastLine = (said: string): string => said.trim().split('\n').at(-1) ?? '';

/** Without what differs from start to start: times, process ids, addresses. */
const withoutNumbers = (line: string): string => line.replaceAll(/[0-9a-f]*\d[0-9a-f]*/gi, '#').trim();

/** The lines of a text, each once; what draws its progress begins one anew. */
const splitLines = (said: string): ReadonlySet<string> =>
  new Set(
    said
      .split(/[\r\n]+/)
      .map(withoutNumbers)
      .filter((line) => line !== ''),
  );

/**
 * Do two outputs of a health check say the same? Docker reads standard output and standard error of one side by side: which of their
 * lines comes first is chance. The slower one may have said more of its progress, or less.
 */
export function saysTheSame(one: string, other: string): boolean {
  const [fewer, more] = [splitLines(one), splitLines(other)].toSorted((a, b) => a.size - b.size);
  return (
    fewer !== undefined && more !== undefined && fewer.size > 0 && [...fewer].every((line) => more.has(line))
  );
}

/** Did it fail as it did before? */
function isAlike(before: TriedService, again: TriedService, of: FailureOf): boolean {
  if (of === 'check')
    return /^(?:unhealthy|late)$/.test(again.outcome) && saysTheSame(before.said, again.said);
  return (
    again.outcome === before.outcome &&
    again.exitCode === before.exitCode &&
    !again.oomKilled &&
    withoutNumbers(lastLine(again.log)) === withoutNumbers(lastLine(before.log))
  );
}
