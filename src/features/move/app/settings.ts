import type { BenchConfig } from '../../../core/config/define-config.ts';
import { parseDuration, parseList, parseSize } from '../../../core/config/quantities.ts';
import { listed, quantity } from '../../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../../core/model/failure/error.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import { blocks } from '../cost/blocks.ts';
import { type Load, loadAsked, loadReasons, type ReportPatterns, reportPattern } from '../cost/load.ts';
import { obstaclesOf } from '../stack/obstacles.ts';
import { imageOf, type Stack, withDependencies } from '../stack/stack.ts';
import type { Compose } from '../trying/compose.ts';

const text = notices('move', { cannot: 'the stack cannot be tried' });
const why = reasons('move', {
  noTarget: { message: 'names no runtime to move to', fix: 'for example --to runsc' },
  baselineTarget: { message: 'is the baseline', fix: 'name another runtime, or another --baseline' },
  duration: {
    message: "must be a duration of {least} or more, but is ''{value}''",
    fix: 'for example {example}',
  },
  blocks: { message: 'must be {least} or more, or nothing is decided', fix: 'for example {example}' },
  at: { message: "must be requests a second, but is ''{value}''", fix: 'for example --at 200' },
  noServices: {
    message: 'has only services with a profile, and a trial starts none of those',
    fix: 'name a compose file with a service that has no profile',
  },
  noImage: { message: 'the image {image} is not there', fix: 'docker pull {image}' },
  notBuilt: { message: 'its image has not been built', fix: 'docker compose build {service}' },
  notAvailable: { message: '{reason}' },
  noSuchService: { message: 'is not a service of {stack}', fix: 'choose from: {services}' },
  loadReaches: { message: 'the load {what}' },
  nothingLeft: { message: 'leaves no service to move', fix: 'name fewer services' },
  loadNeeds: {
    message: 'has a profile: beside the load, a trial starts only services without one',
    fix: 'remove the profile in a copy of the file',
  },
});

/** Flags of `ocibench move`, and the configuration's `move`. */
export interface MoveFlags extends NonNullable<BenchConfig['move']> {
  readonly to?: string | undefined;
  readonly withNetwork?: boolean | undefined;
  readonly load?: string | undefined;
  readonly at?: string | undefined;
  readonly stay?: string | undefined;
  readonly maxTime?: string | undefined;
  readonly tryOnly?: boolean | undefined;
  readonly withData?: boolean | undefined;
  /** move.json of a move before. */
  readonly compare?: string | undefined;
}

/** What is asked, as far as flags say it. */
export interface MoveSettings {
  readonly targets: readonly string[];
  /** A service has to be healthy within this time, ms. */
  readonly limitMs: number;
  /** A service has to stay up for this time, ms. */
  readonly settleMs: number;
  /** How long an idle stack is looked at, ms. */
  readonly idleMs: number;
  /** Blocks in which costs are measured; null: as many as are usual. */
  readonly blocks: number | null;
  /** For all of it, ms; null: none was given. */
  readonly maxTimeMs: number | null;
  readonly staying: readonly string[];
  /** Requests a second at which CPUs are said; null: those of the baseline. */
  readonly at: number | null;
  readonly patterns: ReportPatterns;
  /** Most data of the user that is copied, bytes; null: none is. */
  readonly mostDataBytes: number | null;
}

const usualLimitMs = 60_000;
/** Most programs that cannot run end within a second. */
const usualSettleMs = 3_000;
/** Health checks come every 5 s (`stack/project.ts`) and take time, and each look at an idle stack has one. */
const usualIdleMs = 6_000;
/** Shortest durations, ms: Docker is asked four times a second, and what an idle stack uses is read from counters. */
const shortestMs = 1_000;
const usualDataBytes = 10 * 2 ** 30;

/** Reads the flags. OcibenchError (exit 2) with all that is wrong with them. */
export function readSettings(flags: MoveFlags, baseline: string): MoveSettings {
  const targets = parseList(flags.to ?? '');
  const duration = (given: string | undefined, usual: number | null) =>
    given === undefined ? usual : (parseDuration(given) ?? Number.NaN);
  const limitMs = duration(flags.healthyWithin, usualLimitMs) ?? usualLimitMs;
  const settleMs = duration(flags.upFor, usualSettleMs) ?? usualSettleMs;
  const idleMs = duration(flags.idleFor, usualIdleMs) ?? usualIdleMs;
  const maxTimeMs = duration(flags.maxTime, null);
  const rate = flags.rate === undefined ? null : reportPattern(flags.rate);
  const requests = flags.requests === undefined ? null : reportPattern(flags.requests);
  const at = flags.at === undefined ? null : Number(flags.at);
  const { withData = false, maxData } = flags;
  const mostBytes = (maxData === undefined ? null : parseSize(maxData)) ?? usualDataBytes;
  const durations = [
    ['move.healthyWithin', flags.healthyWithin, limitMs, usualSettleMs, '60s'],
    ['move.upFor', flags.upFor, settleMs, shortestMs, '3s'],
    ['move.idleFor', flags.idleFor, idleMs, shortestMs, '6s'],
    ['--max-time', flags.maxTime, maxTimeMs, usualSettleMs, '10m'],
  ] as const;
  const problems: Problem[] = [];
  const refuseIf = (isWrong: boolean, place: Parameters<typeof problemOf>[0], reason: Reason) => {
    if (isWrong) problems.push(problemOf(place, reason));
  };
  refuseIf(targets.length === 0, '--to', why.noTarget);
  refuseIf(targets.includes(baseline), { file: '--to', key: baseline }, why.baselineTarget);
  for (const [flag, value = '', ms, least, usual] of durations) {
    const example = flag.startsWith('--') ? `${flag} ${usual}` : `${flag}=${usual}`;
    const reason = why.duration({ value, least: quantity(least / 1000, 's'), example });
    refuseIf(ms !== null && !(ms >= least), flag, reason);
  }
  const { least } = blocks;
  const fewBlocks = why.blocks({ least: String(least), example: `move.blocks=${least}` });
  refuseIf(flags.blocks !== undefined && flags.blocks < least, 'move.blocks', fewBlocks);
  refuseIf(at !== null && !(at > 0 && at <= 1e9), '--at', why.at({ value: flags.at ?? '' }));
  if (rate !== null && 'message' in rate) refuseIf(true, 'move.rate', rate);
  if (requests !== null && 'message' in requests) refuseIf(true, 'move.requests', requests);
  refuseIf(flags.at !== undefined && flags.load === undefined, '--at', loadReasons.noLoad);
  refuseIf(flags.requests !== undefined && flags.rate === undefined, 'move.requests', loadReasons.noRate);
  if (problems.length > 0) throw misuse(text.cannot, problems);
  const patterns = { rate: usable(rate), requests: usable(requests) };
  const mostDataBytes = withData ? mostBytes : null;
  return {
    targets,
    limitMs: Math.max(limitMs, 2 * settleMs),
    settleMs,
    idleMs,
    blocks: flags.blocks ?? null,
    maxTimeMs,
    staying: parseList(flags.stay ?? ''),
    patterns,
    at,
    mostDataBytes,
  };
}

const usable = (pattern: RegExp | Reason | null): RegExp | null =>
  pattern === null || 'message' in pattern ? null : pattern;

/** What is to be tried of a stack. */
export interface ChosenServices {
  /** Without the load. */
  readonly services: readonly string[];
  readonly load: Load | null;
}

/** The services that flags and stack choose. OcibenchError (exit 2) with all that is wrong. */
export function chosenServices(
  stack: Stack,
  own: readonly string[],
  flags: MoveFlags,
  { staying }: MoveSettings,
  file: string,
): ChosenServices {
  const all = Object.keys(stack.services);
  const asked = flags.load === undefined ? null : loadAsked(flags.load, { stack: stack.name, services: all });
  const load = asked === null || 'message' in asked ? null : asked;
  const services = own.filter((service) => load?.kind !== 'service' || service !== load.name);
  const loadPlace = { file: '--load', key: flags.load ?? '' };
  const problems: Problem[] = [
    ...(services.length === 0 ? [problemOf({ file, key: 'services' }, why.noServices)] : []),
    ...(asked !== null && 'message' in asked ? [problemOf(loadPlace, asked)] : []),
    ...(services.length > 0 && services.every((service) => staying.includes(service))
      ? [problemOf({ file: '--stay', key: flags.stay ?? '' }, why.nothingLeft)]
      : []),
    ...missingPartners(stack, load, services).map((key) =>
      problemOf({ file, key: `services.${load?.name}.depends_on.${key}` }, why.loadNeeds),
    ),
    ...staying
      .filter((service) => !services.includes(service))
      .map((key) =>
        problemOf(
          { file: '--stay', key },
          why.noSuchService({ stack: stack.name, services: listed(services) }),
        ),
      ),
  ];
  if (problems.length > 0) throw misuse(text.cannot, problems);
  return { services, load };
}

/** What a load needs, and is not started: it has a profile. */
function missingPartners(stack: Stack, load: Load | null, services: readonly string[]): readonly string[] {
  if (load?.kind !== 'service') return [];
  return withDependencies(stack, [load.name]).filter(
    (name) => name !== load.name && !services.includes(name),
  );
}

/** OcibenchError (exit 2) where a service that asks the others reaches into the host, as any that is not tried. */
export function refuseReachingLoad(stack: Stack, load: Load | null, file: string): void {
  if (load?.kind !== 'service') return;
  const problems = obstaclesOf(stack, Object.keys(stack.services), 'runc')
    .filter(({ service, kind }) => service === load.name && kind === 'host')
    .map(({ key, reason }) =>
      problemOf(
        { file, key: `services.${load.name}.${key}` },
        why.loadReaches({ what: reason.message, fix: reason.fix }),
      ),
    );
  if (problems.length > 0) throw misuse(text.cannot, problems);
}

/** OcibenchError (exit 2) with every image that the engine lacks. */
export async function refuseMissingImages(
  compose: Compose,
  stack: Stack,
  services: readonly string[],
  file: string,
): Promise<void> {
  const missing = new Set(await compose.missingImages(services.map((service) => imageOf(stack, service))));
  const problems = services.flatMap((service) => {
    const image = imageOf(stack, service);
    if (!missing.has(image)) return [];
    const isBuilt = stack.services[service]?.build !== undefined;
    const place = { file, key: `services.${service}.${isBuilt ? 'build' : 'image'}` };
    return [problemOf(place, isBuilt ? why.notBuilt({ service }) : why.noImage({ image }))];
  });
  if (problems.length > 0) throw misuse(text.cannot, problems);
}

/** OcibenchError (exit 2) with every runtime that starts no container here. */
export function refuseUnavailable(runtimes: readonly RuntimeFacts[], names: readonly string[]): void {
  const problems = runtimes.flatMap(({ entry, preflight }) =>
    names.includes(entry.name) && preflight.status === 'unavailable'
      ? [
          problemOf(
            { file: 'runtimes', key: entry.name },
            why.notAvailable({ reason: preflight.reason, fix: preflight.fix }),
          ),
        ]
      : [],
  );
  if (problems.length > 0) throw misuse(text.cannot, problems);
}
