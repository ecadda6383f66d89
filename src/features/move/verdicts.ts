import { external, listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { callText, type MoveOutcome, type MoveTrial, runs, type TriedService } from './record.ts';
import { namesAnyError } from './refused/errors.ts';
import type { Obstacle } from './stack/obstacles.ts';
import { isServer, type Stack, withDependencies } from './stack/stack.ts';

const words = messages('move.why', {
  notUnderBaseline: 'it does not run in the trial under {baseline} either: {what}',
  needsBroken: 'it needs {services}, which did not run in the trial under {baseline}',
  cutOff: 'the trial was cut off',
  notReached: 'it was not started, because another service had failed: {what}',
  together: 'it runs there alone, but not together with the others: {what}',
  dependency: 'it needs {services}, which did not run this time',
  breaks: 'with it under {runtime}, {services} did not run: {what}',
  notStarted: 'it does not start: {said}',
  exited: 'it exits with code {code}: {said}',
  oom: 'it was killed because it ran out of memory',
  unhealthy: 'its health check fails: {said}',
  late: 'it is not healthy in time: {said}',
  silent: 'it logs nothing',
  refused: '{what}; last refused system call before that: {call}',
  leave: 'leave it under {baseline}, or search the runtime’s known problems for this message',
  newer:
    'leave it under {baseline}, or try a newer release of the runtime, which may support it (docs/runtimes.md)',
  rawSockets:
    'add --net-raw to its runtimeArgs in daemon.json if the service may send raw packets, or leave it under {baseline}',
  mendFirst:
    'a trial has no outside network (--with-network), empty volumes and read-only host paths (--with-data): give the service what it needs in a copy of the file, then try again',
  mendData:
    'a trial has no outside network (--with-network), and only copies of what the file mounts writable: give the service what it needs in a copy of the file, then try again',
  again: 'try again; a longer move.healthyWithin may help',
  stays: 'it stays under {baseline} (--stay)',
});

/** A verdict with its words. */
interface ServiceVerdict {
  readonly service: string;
  readonly runtime: string;
  readonly verdict: 'moves' | 'cannot' | 'stays' | 'not-tried' | 'unknown';
  readonly why: Message;
  readonly fix: Message;
}

type Services = Pick<Stack, 'services'>;

const nothing = external('');

/** Outcomes under the baseline, by service. */
type Native = ReadonlyMap<string, MoveOutcome>;

/** What is known of each service under the baseline: the last trial that reached it. */
export function nativeOf(trials: readonly MoveTrial[]): Native {
  return new Map(
    trials
      .filter(({ kind }) => kind === 'baseline')
      .flatMap(({ services }) => services)
      .filter(({ outcome }) => outcome !== 'not-reached')
      .map(({ service, outcome }) => [service, outcome]),
  );
}

/** Did it run under the baseline? A server that ended there, though it is to be started again, did not. */
export function ranNatively(service: string, native: Native, { services }: Services): boolean {
  const outcome = native.get(service);
  if (outcome === undefined || !runs(outcome)) return false;
  return outcome !== 'done' || !isServer(services[service] ?? {});
}

/** Does it run as it does under the baseline? A server that ends at once with exit code 0 does not, nor a task that never ends. */
function runsAs({ outcome }: TriedService, native: MoveOutcome | undefined): boolean {
  return runs(outcome) && (outcome === 'done') === (native === 'done');
}

/** The services that a service needs, and those that they need. */
function needsOf(stack: Services, service: string): readonly string[] {
  return withDependencies(stack, [service]).filter((name) => name !== service);
}

/**
 * The services of a trial that ran under the baseline and do not run in it, and need no other of these. What was not reached is
 * no evidence.
 */
function brokenIn({ services }: MoveTrial, native: Native, stack: Services): readonly TriedService[] {
  const broken = services.filter(
    (tried) =>
      ranNatively(tried.service, native, stack) &&
      tried.outcome !== 'not-reached' &&
      !runsAs(tried, native.get(tried.service)),
  );
  const names = new Set(broken.map(({ service }) => service));
  return broken.filter(({ service }) => !needsOf(stack, service).some((name) => names.has(name)));
}

/** What a trial says of the services under its runtime. */
interface TrialSays {
  /** They broke themselves. */
  readonly broke: readonly string[];
  /** Others broke, and it can be because of these. */
  readonly suspect: readonly string[];
  /** Did every service run as under the baseline? */
  readonly isWhole: boolean;
}

export function says(trial: MoveTrial, native: Native, stack: Services): TrialSays {
  const { under, services } = trial;
  const broken = brokenIn(trial, native, stack).map(({ service }) => service);
  const others = broken.filter((service) => !under.includes(service));
  const needed = new Set(
    others.flatMap((service) => needsOf(stack, service)).filter((name) => under.includes(name)),
  );
  return {
    broke: broken.filter((service) => under.includes(service)),
    suspect: others.length > 0 && needed.size === 0 ? under : [...needed],
    isWhole:
      broken.length === 0 &&
      services.every(
        ({ service, outcome }) => outcome !== 'not-reached' || !ranNatively(service, native, stack),
      ),
  };
}

/** What became of each service under a target. */
export function verdictsOf(
  services: readonly string[],
  runtime: string,
  baseline: string,
  found: {
    readonly stack: Services;
    readonly trials: readonly MoveTrial[];
    readonly obstacles: readonly Obstacle[];
    /** Services that are to stay under the baseline. */
    readonly staying?: readonly string[];
    /** Did they work on copies of the user's data? */
    readonly hasData?: boolean;
  },
): readonly ServiceVerdict[] {
  const { stack, trials, obstacles, staying = [], hasData = false } = found;
  const mend = hasData ? words.mendData : words.mendFirst;
  const native = nativeOf(trials);
  const own = trials.filter((trial) => trial.runtime === runtime && trial.kind !== 'baseline');
  const of = (
    service: string,
    verdict: ServiceVerdict['verdict'],
    why: Message = nothing,
    fix: Message = nothing,
  ): ServiceVerdict => ({ service, runtime, verdict, why, fix });
  const cannot = (tried: TriedService, why: Message = whatHappened(tried)) => {
    const known = tried.cause === undefined ? remedyOf(tried, baseline) : external(tried.cause.fix);
    return of(tried.service, 'cannot', why, tried.outcome === 'late' ? words.again : known);
  };

  function nativeVerdict(service: string): ServiceVerdict {
    const tried = trials
      .filter(({ kind }) => kind === 'baseline')
      .flatMap((trial) => trial.services)
      .findLast((each) => each.service === service);
    if (tried === undefined) return of(service, 'unknown', words.cutOff);
    const what = whatHappened(tried);
    const failed = needsOf(stack, service).filter((name) => !ranNatively(name, native, stack));
    if (failed.length > 0)
      return of(service, 'unknown', words.needsBroken({ baseline, services: listed(failed) }), mend);
    if (tried.outcome === 'not-reached')
      return of(service, 'unknown', words.notReached({ what }), words.again);
    return of(service, 'unknown', words.notUnderBaseline({ baseline, what }), mend);
  }

  function aloneVerdict(service: string, trial: MoveTrial): ServiceVerdict {
    const tried = trial.services.find((each) => each.service === service);
    const broken = brokenIn(trial, native, stack);
    if (tried === undefined || tried.outcome === 'not-reached') {
      const what = tried === undefined ? words.silent : whatHappened(tried);
      return of(service, 'unknown', words.notReached({ what }), words.again);
    }
    if (broken.includes(tried)) return cannot(tried);
    const names = broken.map((each) => each.service);
    if (!runsAs(tried, native.get(service))) {
      const failed = names.filter((name) => needsOf(stack, service).includes(name));
      return of(service, 'unknown', words.dependency({ services: listed(failed) }), words.again);
    }
    const [first] = broken;
    if (first === undefined) return of(service, 'moves');
    const isConsumer = names.some((name) => needsOf(stack, name).includes(service));
    const why = words.breaks({ runtime, services: listed(names), what: whatHappened(first) });
    return of(service, isConsumer ? 'cannot' : 'unknown', why, words.again);
  }

  const alone = services.map((service): ServiceVerdict => {
    const reaches = obstacles.find((each) => each.service === service && each.kind === 'host');
    if (reaches !== undefined) return of(service, 'not-tried', reaches.reason.message, reaches.reason.fix);
    if (!ranNatively(service, native, stack)) return nativeVerdict(service);
    if (staying.includes(service)) return of(service, 'stays', words.stays({ baseline }));
    const trial = own.findLast(({ kind, under }) => kind === 'alone' && under.includes(service));
    return trial === undefined ? of(service, 'unknown', words.cutOff) : aloneVerdict(service, trial);
  });

  // After Ctrl-C, what some would have done to the others is not known.
  const isCutOff = services.some(
    (service) =>
      ranNatively(service, native, stack) &&
      !staying.includes(service) &&
      !own.some(({ kind, under }) => kind === 'alone' && under.includes(service)),
  );
  // All that run alone are tried together; what breaks stays behind, and the others are tried without it.
  let left = alone.filter(({ verdict }) => verdict === 'moves').map(({ service }) => service);
  const behind = new Map<string, ServiceVerdict>();
  let isWhole = left.length < 2 && !isCutOff;
  for (const trial of own.filter(({ kind }) => kind === 'together')) {
    const { broke, suspect, isWhole: wasWhole } = says(trial, native, stack);
    isWhole = wasWhole;
    for (const tried of trial.services.filter(({ service }) => broke.includes(service)))
      behind.set(tried.service, cannot(tried, words.together({ what: whatHappened(tried) })));
    if (broke.length > 0) left = left.filter((service) => !broke.includes(service));
    else if (suspect.length > 0) {
      const [first] = brokenIn(trial, native, stack);
      const what = first === undefined ? words.silent : whatHappened(first);
      const why = words.breaks({
        runtime,
        services: listed(first === undefined ? [] : [first.service]),
        what,
      });
      for (const service of suspect) behind.set(service, of(service, 'unknown', why, words.again));
    }
    if (left.length < 2) isWhole = !isCutOff;
    // A repetition in which all ran takes back what only others were suspected for.
    if (wasWhole)
      for (const service of trial.under)
        if (behind.get(service)?.verdict === 'unknown') behind.delete(service);
  }
  return alone.map((verdict) => {
    const { service } = verdict;
    const stays = behind.get(service);
    if (stays !== undefined) return stays;
    return verdict.verdict === 'moves' && !isWhole ? of(service, 'unknown', words.cutOff) : verdict;
  });
}

/** What the user can do about a failure whose cause is not among the known ones. */
function remedyOf({ refused }: TriedService, baseline: string): Message {
  if (refused === undefined) return words.leave({ baseline });
  const { call, arguments: all, errno } = refused;
  const isRaw = call === 'socket' && errno === 'EPERM' && /SOCK_RAW|AF_PACKET/.test(all);
  return isRaw ? words.rawSockets({ baseline }) : words.newer({ baseline });
}

/** The failure of a service in words, with the call that was refused. */
function whatHappened(tried: TriedService): Message {
  const what = failureOf(tried);
  const { refused } = tried;
  return refused === undefined ? what : words.refused({ what, call: external(callText(refused)) });
}

/** The line of a health check's output that says why it failed. Its two outputs are mixed: the last line may be of the other. */
function reasonIn(said: string): string {
  const lines = said.trim().split('\n');
  return (lines.findLast((line) => namesAnyError(line.toLowerCase())) ?? lines.at(-1) ?? '').trim();
}

function failureOf({ outcome, exitCode, oomKilled, said, log, cause }: TriedService): Message {
  const line = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';
  const isChecked = outcome === 'unhealthy' || outcome === 'late';
  const spoken = (isChecked ? reasonIn(said) : line(said)) || line(log);
  const quoted = spoken === '' ? words.silent : external(spoken);
  if (oomKilled) return words.oom;
  if (outcome === 'not-reached') return quoted;
  if (outcome === 'not-started')
    return words.notStarted({ said: cause === undefined ? quoted : external(cause.message) });
  if (outcome === 'exited' || outcome === 'done')
    return words.exited({
      code: String(exitCode ?? 0),
      said: line(log) === '' ? quoted : external(line(log)),
    });
  return outcome === 'unhealthy' ? words.unhealthy({ said: quoted }) : words.late({ said: quoted });
}
