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
  apart: 'it ran there, but was not tried together with all others that can move',
  longer: 'try again, without --max-time or with a longer one',
  notReached: 'it was not started, because another service had failed: {what}',
  together: 'it runs there, but not together with the others: {what}',
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

/** Is it a start of all services under the baseline? */
const isOfBaseline = ({ under }: MoveTrial): boolean => under.length === 0;

/** Does a trial say anything of the service? */
const isDecided = ({ outcome }: TriedService): boolean => outcome !== 'not-reached' && outcome !== 'cut';

/** What is known of each service under the baseline: the last trial that reached it. */
export function nativeOf(trials: readonly MoveTrial[]): Native {
  return new Map(
    trials
      .filter(isOfBaseline)
      .flatMap(({ services }) => services)
      .filter(isDecided)
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
      isDecided(tried) &&
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
      services.every((tried) => isDecided(tried) || !ranNatively(tried.service, native, stack)),
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
  const own = trials.filter((trial) => trial.runtime === runtime);
  const whole = own.filter((trial) => says(trial, native, stack).isWhole).map(({ under }) => under);
  /** The most services that ran together, and their last trial of as many. */
  const together = whole.reduce((most, under) => (under.length < most.length ? most : under), []);
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
      .filter(isOfBaseline)
      .flatMap((trial) => trial.services)
      .findLast((each) => each.service === service);
    if (tried === undefined || tried.outcome === 'cut')
      return of(service, 'unknown', words.cutOff, words.longer);
    const what = whatHappened(tried);
    const failed = needsOf(stack, service).filter((name) => !ranNatively(name, native, stack));
    if (failed.length > 0)
      return of(service, 'unknown', words.needsBroken({ baseline, services: listed(failed) }), mend);
    if (tried.outcome === 'not-reached')
      return of(service, 'unknown', words.notReached({ what }), words.again);
    return of(service, 'unknown', words.notUnderBaseline({ baseline, what }), mend);
  }

  function targetVerdict(service: string): ServiceVerdict {
    if (together.includes(service)) return of(service, 'moves');
    const about = own.flatMap((trial) => {
      const tried = trial.services.find((each) => each.service === service);
      return tried !== undefined && trial.under.includes(service) ? [{ trial, tried }] : [];
    });
    const last = about.findLast(({ tried }) => isDecided(tried));
    const [first] = about;
    if (last === undefined)
      return first === undefined || first.tried.outcome === 'cut'
        ? of(service, 'unknown', words.cutOff, words.longer)
        : of(service, 'unknown', words.notReached({ what: whatHappened(first.tried) }), words.again);
    const { trial, tried } = last;
    const broken = brokenIn(trial, native, stack);
    if (broken.includes(tried)) {
      const isMember = whole.some((under) => under.includes(service));
      return cannot(tried, isMember ? words.together({ what: whatHappened(tried) }) : whatHappened(tried));
    }
    const names = broken.map((each) => each.service);
    if (!runsAs(tried, native.get(service))) {
      const failed = names.filter((name) => needsOf(stack, service).includes(name));
      return of(service, 'unknown', words.dependency({ services: listed(failed) }), words.again);
    }
    // It ran. Did others break that run without it, or of which it can be the cause?
    const harmedIn = (each: MoveTrial): readonly TriedService[] => {
      const failed = brokenIn(each, native, stack);
      const isBeside = each.under.some((name) => together.includes(name));
      if (says(each, native, stack).suspect.includes(service)) return each === trial ? failed : [];
      return failed.filter(
        (one) => together.includes(one.service) || (isBeside && !each.under.includes(one.service)),
      );
    };
    const harmed = about.map(({ trial: each }) => harmedIn(each)).findLast((all) => all.length > 0) ?? [];
    const [hurt] = harmed;
    if (hurt === undefined) return of(service, 'moves', words.apart, words.longer);
    const hurtNames = harmed.map((each) => each.service);
    const isConsumer = hurtNames.some((name) => needsOf(stack, name).includes(service));
    const why = words.breaks({ runtime, services: listed(hurtNames), what: whatHappened(hurt) });
    return of(service, isConsumer && trial.under.length === 1 ? 'cannot' : 'unknown', why, words.again);
  }

  return services.map((service): ServiceVerdict => {
    const reaches = obstacles.find((each) => each.service === service && each.kind === 'host');
    if (reaches !== undefined) return of(service, 'not-tried', reaches.reason.message, reaches.reason.fix);
    if (!ranNatively(service, native, stack)) return nativeVerdict(service);
    if (staying.includes(service)) return of(service, 'stays', words.stays({ baseline }));
    return targetVerdict(service);
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
