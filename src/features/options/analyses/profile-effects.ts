import type { AnalysisPart } from '../../../core/analyze/part.ts';
import { noteFields } from '../../../core/analyze/warnings/noise-warnings.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import { recalled } from '../../../core/messages/record.ts';
import type {
  CategoryEstimate,
  FactRow,
  ProfileEffect,
  SummaryRow,
} from '../../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import {
  type ContainerProfile,
  firstProfile,
  isOfFirstProfile,
} from '../../../core/model/runtime/container-profile.ts';

/** The workload that reports what isolates a container. */
const tells = 'isolation/facts';

/** Facts that show an option inside the container: at least one of them changes where the option is applied. */
const shownBy: Readonly<Partial<Record<keyof ContainerProfile, readonly string[]>>> = {
  seccomp: ['seccomp.mode', 'syscalls.answered'],
  apparmor: ['security.label'],
  capDrop: ['capabilities'],
  capAdd: ['capabilities'],
  noNewPrivileges: ['no_new_privileges'],
  readonlyRootfs: ['mounts.writable'],
  user: ['capabilities'],
  init: ['processes.visible'],
  tmpfs: ['mounts.writable'],
};

/** Facts that say how well a container is isolated, each with a function that reads it: a smaller number isolates better. */
const ladder: Readonly<Record<string, (value: string) => number | null>> = {
  'syscalls.answered': leadingNumber,
  capabilities: leadingNumber,
  'mounts.writable': leadingNumber,
  no_new_privileges: (value) => rank(value, ['yes', 'no']),
  'seccomp.mode': (value) => rank(value, ['filter', 'off']),
  'user.mapping': (value) => (value === '0 0 4294967295' ? 1 : 0),
};

/** The facts that are compared, in this order. */
const ladderFacts: readonly string[] = Object.keys(ladder);

function leadingNumber(value: string): number | null {
  const digits = /^\d+/.exec(value)?.[0];
  return digits === undefined ? null : Number(digits);
}

/** The rank of a value among the English words of `isolation/facts`; null for an unknown value. */
function rank(value: string, order: readonly string[]): number | null {
  const at = order.indexOf(value);
  return at < 0 ? null : at;
}

const text = notices('profileEffect', {
  notApplied: 'not applied by this runtime: {options} (no fact changes inside the container)',
});

/** Rows of profiles whose notes begin with the options that a runtime did not apply: they cost nothing there. */
export function withNotApplied(rows: readonly SummaryRow[], effects: readonly ProfileEffect[]): SummaryRow[] {
  const found = new Map(effects.map((effect) => [costKey(effect), effect.notApplied]));
  return rows.map((row) => {
    const options = found.get(costKey(row)) ?? [];
    if (options.length === 0 || row.n === 0) return row;
    const { note, messages, ...rest } = row;
    const own =
      note === '' ? [] : [recalled({ note, ...(messages === undefined ? {} : { messages }) }, 'note')];
    return { ...rest, ...noteFields([text.notApplied({ options: listed(options) }), ...own]) };
  });
}

/** Facts of one runtime under one profile. */
interface ProfileFacts {
  readonly runtime: string;
  readonly profile: string;
  readonly engine: string | undefined;
  /** Id → value. */
  readonly facts: ReadonlyMap<string, string>;
}

/**
 * What each profile changes inside the containers of each runtime, by the facts reported there: which options were
 * applied and which were not, and which profiles are dominated, because another one isolates better and costs no more.
 * Empty where the run has only one profile.
 *
 * `categories`: costs of the profiles after the first.
 */
export function profileEffects(
  run: RunRecord,
  facts: readonly FactRow[],
  categories: readonly CategoryEstimate[],
): readonly ProfileEffect[] {
  const { profiles = [] } = run.config;
  if (profiles.length < 2) return [];
  const told = facts.filter(({ workload, layer }) => workload === tells && layer === 'docker');
  const seen = [
    ...Map.groupBy(told, ({ runtime, profile, engine = '' }) =>
      JSON.stringify([runtime, profile, engine]),
    ).values(),
  ].flatMap((own): readonly ProfileFacts[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { runtime, profile, engine } = first;
    return [{ runtime, profile, engine, facts: new Map(own.map(({ id, value }) => [id, value])) }];
  });
  const costs = costsOf(categories);
  return seen.flatMap((one): readonly ProfileEffect[] => {
    const same = seen.filter(({ runtime, engine }) => runtime === one.runtime && engine === one.engine);
    const first = same.find(({ profile }) => profile === firstProfile(run.config));
    const asked = profiles.find(({ name }) => name === one.profile);
    if (first === undefined || asked === undefined) return [];
    const { runtime, profile, engine } = one;
    const dominating = same.filter((other) => other !== one && dominates(other, one, costs, run));
    return [
      {
        runtime,
        profile,
        ...(engine === undefined ? {} : { engine }),
        changed: changedFacts(first, one),
        ...optionsOf(asked, first, one),
        dominatedBy: dominating.map((other) => other.profile),
      },
    ];
  });
}

function changedFacts(first: ProfileFacts, here: ProfileFacts): ProfileEffect['changed'] {
  const ids = new Set([...ladderFacts, ...Object.values(shownBy).flat()]);
  return [...ids].flatMap((id) => {
    const [before, after] = [first.facts.get(id), here.facts.get(id)];
    return before === undefined || after === undefined || before === after ? [] : [{ id, before, after }];
  });
}

/** The options of a profile: applied, not applied, or unseen, where no fact shows them. */
function optionsOf(
  { name: _, ...options }: ContainerProfile,
  first: ProfileFacts,
  here: ProfileFacts,
): Pick<ProfileEffect, 'applied' | 'notApplied' | 'unseen'> {
  const found = { applied: [] as string[], notApplied: [] as string[], unseen: [] as string[] };
  for (const option of Object.keys(options) as (keyof typeof options)[]) {
    const shown = (shownBy[option] ?? []).filter((id) => {
      const value = here.facts.get(id);
      return value !== undefined && first.facts.has(id) && value !== 'not told';
    });
    const isUnfiltered = option === 'seccomp' && here.facts.get('seccomp.mode') === 'off';
    // Without a seccomp filter, other options change which calls succeed.
    const telling = isUnfiltered ? ['seccomp.mode'] : shown;
    const differs = telling.some((id) => first.facts.get(id) !== here.facts.get(id));
    const list = shown.length === 0 ? found.unseen : differs ? found.applied : found.notApplied;
    list.push(option);
  }
  return found;
}

/** The 90 % interval of the cost of a profile in a category; null where there is none. */
interface CostInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Key of runtime, engine and profile → category → cost. */
type Costs = ReadonlyMap<string, ReadonlyMap<string, CostInterval>>;

const costKey = ({
  runtime,
  profile,
  engine = '',
}: Pick<ProfileFacts, 'runtime' | 'profile'> & { engine?: string | undefined }) =>
  JSON.stringify([runtime, profile, engine]);

function costsOf(categories: readonly CategoryEstimate[]): Costs {
  const keyed = Map.groupBy(categories, ({ profile = '', ...rest }) => costKey({ ...rest, profile }));
  return new Map(
    [...keyed].map(([key, own]) => [
      key,
      new Map(own.map(({ category, low90, high90 }) => [category, { low: low90, high: high90 }])),
    ]),
  );
}

/**
 * Does profile `one` isolate better by at least one fact and worse by none, and cost no more in any category? It costs
 * no more if the upper end of its interval exceeds the lower end of the other's by no more than the practical
 * threshold. False without an interval.
 */
function dominates(one: ProfileFacts, other: ProfileFacts, costs: Costs, { config }: RunRecord): boolean {
  const steps = Object.entries(ladder).map(([id, read]) => {
    const [a, b] = [one.facts.get(id), other.facts.get(id)].map((value) =>
      value === undefined ? null : read(value),
    );
    return a === null || b === null || a === undefined || b === undefined ? 0 : Math.sign(b - a);
  });
  if (steps.some((step) => step < 0) || !steps.some((step) => step > 0)) return false;
  const cost = (seen: ProfileFacts, category: string) =>
    isOfFirstProfile({ profile: seen.profile, layer: 'docker' }, { config })
      ? { low: 1, high: 1 }
      : costs.get(costKey(seen))?.get(category);
  const categories = new Set([one, other].flatMap((seen) => [...(costs.get(costKey(seen))?.keys() ?? [])]));
  if (categories.size === 0) return false;
  return [...categories].every((category) => {
    const [a, b] = [cost(one, category), cost(other, category)];
    if (a === undefined || b === undefined || a.high === null || b.low === null) return false;
    return a.high <= b.low * (1 + config.thresholds.practical);
  });
}

/** What profiles change inside containers. */
export default {
  fields({ facts, profiles, profileCategories }, { run }) {
    if (profiles === undefined || profileCategories === undefined) return {};
    const effects = profileEffects(run, facts, profileCategories);
    return effects.length === 0
      ? {}
      : { profiles: withNotApplied(profiles, effects), profileEffects: [...effects] };
  },
} satisfies AnalysisPart;
