import { external, listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { type MoveOutcome, type MoveTrial, runs, type TriedService } from './record.ts';
import type { Obstacle } from './stack/obstacles.ts';
import { type Stack, withDependencies } from './stack/stack.ts';

const words = messages('move.why', {
  notUnderBaseline: 'it does not run under {baseline} here either: {what}',
  cutOff: 'the trial was cut off',
  together: 'it runs alone there, but not together with the others: {what}',
  dependency: '{services}, which it needs, did not run this time',
  breaks: 'with it under {runtime}, {services} did not run: {what}',
  notStarted: 'it does not start: {said}',
  exited: 'it ends with exit code {code}: {said}',
  oom: 'it was killed because it ran out of memory',
  unhealthy: 'its health check fails: {said}',
  late: 'it is not up and healthy in time: {said}',
  silent: 'it says nothing',
  readLog: 'read its log in move.json, or start it by hand: docker run --runtime {runtime}',
  mendFirst: 'make it run under {baseline} first, then try again',
  again: 'try again; a longer --healthy-within may help',
});

/** A verdict with its words. */
interface ServiceVerdict {
  readonly service: string;
  readonly runtime: string;
  readonly verdict: 'moves' | 'cannot' | 'not-tried' | 'unknown';
  readonly why: Message;
  readonly fix: Message;
}

type Services = Pick<Stack, 'services'>;

const nothing = external('');

/** Does it run as it does under the baseline? A server that ends at once with exit code 0 does not, nor a task that never ends. */
function runsAs({ outcome }: TriedService, native: MoveOutcome | undefined): boolean {
  return runs(outcome) && (outcome === 'done') === (native === 'done');
}

/** The services that a service needs, and those that they need. */
function needsOf(stack: Services, service: string): readonly string[] {
  return withDependencies(stack, [service]).filter((name) => name !== service);
}

/** Outcomes under the baseline, by service. */
type Native = ReadonlyMap<string, MoveOutcome>;

export function nativeOf(trials: readonly MoveTrial[]): Native {
  const own = trials.find(({ kind }) => kind === 'baseline');
  return new Map(own?.services.map(({ service, outcome }) => [service, outcome]));
}

/** The services of a trial that do not run as under the baseline, and need no other of these. */
function brokenIn({ services }: MoveTrial, native: Native, stack: Services): readonly TriedService[] {
  const broken = services.filter((tried) => !runsAs(tried, native.get(tried.service)));
  const names = new Set(broken.map(({ service }) => service));
  return broken.filter(({ service }) => !needsOf(stack, service).some((name) => names.has(name)));
}

/**
 * The services that stay behind after a trial of several: those that broke, and those that what broke needs; all where that
 * names nobody.
 */
export function stayBehind(trial: MoveTrial, native: Native, stack: Services): readonly string[] {
  const { under } = trial;
  const broken = brokenIn(trial, native, stack);
  const named = broken.flatMap(({ service }) =>
    under.includes(service) ? [service] : needsOf(stack, service).filter((name) => under.includes(name)),
  );
  return broken.length > 0 && named.length === 0 ? under : [...new Set(named)];
}

/** What became of each service under each target. */
export function verdictsOf(
  services: readonly string[],
  runtime: string,
  baseline: string,
  found: {
    readonly stack: Services;
    readonly trials: readonly MoveTrial[];
    readonly obstacles: readonly Obstacle[];
  },
): readonly ServiceVerdict[] {
  const { stack, trials, obstacles } = found;
  const native = nativeOf(trials);
  const own = trials.filter((trial) => trial.runtime === runtime && trial.kind !== 'baseline');
  const of = (
    service: string,
    verdict: ServiceVerdict['verdict'],
    why: Message = nothing,
    fix: Message = nothing,
  ): ServiceVerdict => ({ service, runtime, verdict, why, fix });
  const alone = services.map((service): ServiceVerdict => {
    const reaches = obstacles.find((each) => each.service === service && each.kind === 'host');
    if (reaches !== undefined) return of(service, 'not-tried', reaches.reason.message, reaches.reason.fix);
    const outcome = native.get(service);
    if (outcome === undefined) return of(service, 'unknown', words.cutOff);
    if (!runs(outcome)) {
      const tried = trials
        .find(({ kind }) => kind === 'baseline')
        ?.services.find((each) => each.service === service);
      const what = tried === undefined ? words.silent : whatHappened(tried);
      return of(
        service,
        'unknown',
        words.notUnderBaseline({ baseline, what }),
        words.mendFirst({ baseline }),
      );
    }
    const trial = own.find(({ kind, under }) => kind === 'alone' && under.includes(service));
    return trial === undefined ? of(service, 'unknown', words.cutOff) : aloneVerdict(service, trial);
  });

  function aloneVerdict(service: string, trial: MoveTrial): ServiceVerdict {
    const tried = trial.services.find((each) => each.service === service);
    const broken = brokenIn(trial, native, stack);
    if (tried !== undefined && !runsAs(tried, native.get(service))) {
      if (!broken.includes(tried)) {
        const failed = broken
          .map((each) => each.service)
          .filter((name) => needsOf(stack, service).includes(name));
        return of(service, 'unknown', words.dependency({ services: listed(failed) }), words.again);
      }
      const fix = tried.cause === undefined ? words.readLog({ runtime }) : external(tried.cause.fix);
      return of(service, 'cannot', whatHappened(tried), fix);
    }
    const [first] = broken;
    if (first === undefined) return of(service, 'moves');
    const isConsumer = broken.some((each) => needsOf(stack, each.service).includes(service));
    const values = {
      runtime,
      services: listed(broken.map((each) => each.service)),
      what: whatHappened(first),
    };
    return of(
      service,
      isConsumer ? 'cannot' : 'unknown',
      words.breaks(values),
      isConsumer ? nothing : words.again,
    );
  }

  // All that run alone are tried together; what breaks stays behind, and the others are tried without it.
  let left = alone.filter(({ verdict }) => verdict === 'moves').map(({ service }) => service);
  const behind = new Map<string, ServiceVerdict>();
  let isWhole = left.length < 2;
  for (const trial of own.filter(({ kind }) => kind === 'together')) {
    const [first] = brokenIn(trial, native, stack);
    const staying = stayBehind(trial, native, stack);
    for (const service of staying) {
      const tried = trial.services.find((each) => each.service === service);
      const isBroken = tried !== undefined && !runsAs(tried, native.get(service));
      const shown = isBroken ? tried : first;
      const what = shown === undefined ? words.silent : whatHappened(shown);
      behind.set(service, of(service, 'cannot', words.together({ what }), words.readLog({ runtime })));
    }
    left = left.filter((service) => !staying.includes(service));
    isWhole = staying.length === 0 || left.length < 2;
  }
  return alone.map((verdict) => {
    const { service } = verdict;
    const stays = behind.get(service);
    if (stays !== undefined) return stays;
    return verdict.verdict === 'moves' && !isWhole ? of(service, 'unknown', words.cutOff) : verdict;
  });
}

/** The failure of a service in words. */
function whatHappened({ outcome, exitCode, oomKilled, said, log, cause }: TriedService): Message {
  const line = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';
  const spoken = line(said) || line(log);
  const quoted = spoken === '' ? words.silent : external(spoken);
  if (oomKilled) return words.oom;
  if (outcome === 'not-started')
    return words.notStarted({ said: cause === undefined ? quoted : external(cause.message) });
  if (outcome === 'exited' || outcome === 'done')
    return words.exited({
      code: String(exitCode ?? 0),
      said: line(log) === '' ? quoted : external(line(log)),
    });
  return outcome === 'unhealthy' ? words.unhealthy({ said: quoted }) : words.late({ said: quoted });
}
