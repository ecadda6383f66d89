import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Fleet, FleetCategory, FleetComparison } from './fleet-record.ts';
import { toldOf, toldWords } from './notes.ts';
import { byPlace } from './places.ts';
import {
  familyIds,
  isNobodys,
  knownTexts,
  plain,
  withheld,
  withheldMissing,
  withoutOwnWords,
} from './withhold-text.ts';

const words = messages('fleet.anonymous', {
  host: 'machine {n}',
  named: '{family}, own name {n}',
  runtime: 'own runtime {n}',
  workload: 'own workload {n}',
  engine: 'own engine {n}',
  profile: 'own profile {n}',
});

/** Ids and names that are ocibench's own. */
export interface ShippedNames {
  readonly workloads: ReadonlySet<string>;
  readonly profiles: ReadonlySet<string>;
}

/** Notes that name hosts or runs: shown only on the terminal of the user who merges. */
const naming: ReadonlySet<string> = new Set(
  [
    toldWords.again,
    toldWords.severalRuns,
    toldWords.changedHost,
    toldWords.sameName,
    toldWords.undecided,
    toldWords.without,
    toldWords.withoutReason,
  ].map((make) => make({ run: '', n: 0, hosts: '', name: '', host: '', reason: '' }).id),
);

const ofFigures = toldWords.impossible({ host: '', origin: '', figures: '' }).id;

/** Number of hosts with one text from which it is shown: nobody's own. */
const leastShared = 3;

/** Facts that are hardware, numbers, or words of ocibench. */
const kept = new Set(['cpu', 'cpus', 'memory', 'smt', 'load', 'cgroup', 'engine']);

const ofRuntime = 'runtime.';
const day = /^\d{4}-\d{2}-\d{2}/;
const digest = /^(?:sha256:)?[0-9a-f]{8,64}$/;
const metricId = /^[a-z0-9_.-]{1,64}$/;

type Work = Pick<FleetComparison, 'workload' | 'params'>;
const workOf = ({ workload, params }: Work) => (params === '' ? workload : `${workload} ${params}`);

/** Texts that so many hosts have that they are nobody's own. */
function sharedTexts({ hosts, categories, comparisons, missing }: Fleet): ReadonlySet<string> {
  const whose = new Map<string, Set<number>>();
  const add = (text: string, host: number) => whose.set(text, (whose.get(text) ?? new Set()).add(host));
  for (const [host, { facts }] of hosts.entries())
    for (const [id, value] of Object.entries(facts)) {
      add(value, host);
      if (id.startsWith(ofRuntime)) add(id.slice(ofRuntime.length), host);
    }
  for (const of of [...categories, ...comparisons]) {
    const own = 'workload' in of ? [workOf(of), of.profile] : [];
    for (const { host } of of.votes)
      for (const name of [of.runtime, of.baseline, of.engine ?? '', ...own]) add(name, host);
  }
  for (const { runtimes, hosts: own, others } of missing)
    for (const name of runtimes)
      for (const host of [...own, ...others.map((_, at) => -1 - at)]) add(name, host);
  return new Set([...whose].flatMap(([text, { size }]) => (size < leastShared ? [] : [text])));
}

/** How the names and values of a fleet are shown. */
function shownValues(fleet: Fleet, lang: Lang, shipped: ShippedNames) {
  const shared = sharedTexts(fleet);
  const numbered = new Map<string, string[]>();
  /** Number of a text among those for which the same stands, from 1. */
  const numberOf = (stand: string, text: string) => {
    const own = numbered.get(stand) ?? [];
    numbered.set(stand, own);
    if (!own.includes(text)) own.push(text);
    return own.indexOf(text) + 1;
  };
  const named = (kind: 'engine' | 'profile' | 'runtime' | 'workload', name: string, family?: string) => {
    if (isNobodys(name) || shared.has(name)) return name;
    const n = numberOf(kind, name);
    return translate(family === undefined ? words[kind]({ n }) : words.named({ family, n }), lang);
  };
  const family = (id: string) => (familyIds.has(id) ? id : withheld);
  const familyOf = new Map(fleet.runtimes.map(({ name, family: id }) => [name, family(id)]));
  const runtime = (name: string) => named('runtime', name, familyOf.get(name));
  return {
    family,
    runtime,
    engine: (name: string) => named('engine', name),
    profile: (name: string) => (shipped.profiles.has(name) ? name : named('profile', name)),
    /** Parameters of a workload of one's own are part of its name. */
    work(of: Work): Work {
      const shown = shipped.workloads.has(of.workload) ? workOf(of) : named('workload', workOf(of));
      return shown === workOf(of)
        ? { workload: of.workload, params: of.params }
        : { workload: shown, params: '' };
    },
    factId: (id: string) =>
      id.startsWith(ofRuntime) ? `${ofRuntime}${runtime(id.slice(ofRuntime.length))}` : id,
    /** Two values that look alike without own words stay two. */
    fact(id: string, value: string) {
      const bare = kept.has(id) || shared.has(value) ? value : withoutOwnWords(value);
      const n = bare === value ? 1 : numberOf(`fact ${id} ${bare}`, value);
      return n === 1 ? bare : `${bare} (${n})`;
    },
  };
}

/**
 * A fleet for the owners of its machines: hosts become `machine 1` …, by ascending cost over all categories, so that numbers do
 * not identify them. What stays is what ocibench ships, hardware, numbers, and what several hosts have; other names are numbered,
 * and other texts withheld: run ids, paths, links, notes on single runs, and why a host has no vote.
 */
export function withoutNames(named: Fleet, lang: Lang, shipped: ShippedNames): Fleet {
  const fleet = byPlace(named);
  const shown = shownValues(fleet, lang, shipped);
  const placed = <T extends FleetCategory | FleetComparison>(of: T): T => ({
    ...of,
    runtime: shown.runtime(of.runtime),
    baseline: shown.runtime(of.baseline),
    ...(of.engine === undefined ? {} : { engine: shown.engine(of.engine) }),
    ...(of.arch === undefined ? {} : { arch: shown.fact('arch', of.arch) }),
  });
  const digestOf = (text: string | null) => (text !== null && digest.test(text) ? text : null);
  const bare: Fleet = {
    ...fleet,
    anonymous: true,
    runtimes: fleet.runtimes.map(({ name, family }) => ({
      name: shown.runtime(name),
      family: shown.family(family),
    })),
    hosts: fleet.hosts.map(({ without, ...host }, at) => ({
      ...host,
      ...(without === undefined ? {} : { without: { reason: null } }),
      name: translate(words.host({ n: at + 1 }), lang),
      runs: host.runs.map((run) => ({
        ...run,
        runId: null,
        origin: null,
        report: null,
        harnessVersion: withoutOwnWords(run.harnessVersion),
        startedAt: day.exec(run.startedAt)?.[0] ?? withheld,
      })),
      facts: Object.fromEntries(
        Object.entries(host.facts).map(([id, value]) => [shown.factId(id), shown.fact(id, value)]),
      ),
    })),
    categories: fleet.categories.map(placed),
    comparisons: fleet.comparisons.map((of) => ({
      ...placed(of),
      ...shown.work(of),
      profile: shown.profile(of.profile),
      metric: metricId.test(of.metric) ? of.metric : withheld,
      definition: digestOf(of.definition),
      image: digestOf(of.image),
    })),
    missing: fleet.missing.map((of) => ({
      ...of,
      runtimes: of.runtimes.map(shown.runtime),
      workloads: of.workloads.map((text) => {
        const [workload = '', ...params] = text.split(' ');
        return workOf(shown.work({ workload, params: params.join(' ') }));
      }),
    })),
    outliers: fleet.outliers.map((outlier) => ({
      ...outlier,
      differs: outlier.differs.map(({ fact, value, others, alone }) => ({
        fact: shown.factId(fact),
        value: shown.fact(fact, value),
        others: shown.fact(fact, others),
        alone,
      })),
    })),
  };
  const known = knownTexts(bare);
  return {
    ...bare,
    missing: [...withheldMissing(bare.missing, known)],
    told: fleet.told.flatMap((each) => {
      if (each.kind === 'left-out')
        return [toldOf('left-out', each.code === ofFigures ? toldWords.withheldFigures : toldWords.withheld)];
      const message = naming.has(each.code) ? null : plain(recalled(each, 'message'), known);
      return message === null ? [] : [toldOf(each.kind, message)];
    }),
  };
}
