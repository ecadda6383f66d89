import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { ProfileEffect, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { comparedProfile, firstProfile, profilesOf } from '../../../core/model/runtime/container-profile.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  type Block,
  chapter,
  code,
  heading,
  lineBreak,
  number,
  paragraph,
  type Text,
  text,
} from '../../../report/document/document.ts';
import { formatRatioEstimate } from '../../../report/document/format.ts';
import { categoryOrder } from '../../../report/document/labels.ts';
import { type TableColumn, tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { type CategoryCost, categoryCosts } from '../../../report/findings/category-summary.ts';
import { headlineCosts } from '../../../report/findings/headline-cost.ts';
import type { Section } from '../../../report/sections/section.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { factName } from '../../../report/words/fact.ts';
import { standingInline } from '../../../report/words/verdict.ts';

const words = messages('section.options', {
  title: 'Options of containers',
  intro:
    'Each option relative to the same runtime under {first}, in the same blocks: option ÷ {first}. Above 1 always costs more (rates are inverted). Claims are corrected within each runtime and option. Beside its cost stands what programs in the containers saw of an option. An option that changes none of these facts was not applied, and its cost means nothing.',
  otherwise: 'Everywhere else in this report, runtimes are compared only under {first}.',
  noFacts: 'Whether options were applied is unknown, because isolation/facts was not measured.',
  gist: '{n, plural, =0 {none costs more} one {{n} costs more} other {{n} cost more}}',
  option: 'option',
  changes: 'changes inside',
  notApplied: 'not applied by this runtime: {options}',
  notAppliedBrief: 'not applied',
  change: '{fact}: {before} → {after}',
  nothing: 'no fact shows it',
  dominated: 'worse than {others}: less isolated, at no lower cost',
  caption: 'Options under {runtime}',
});

/** Section on costs and facts of container options: a table per runtime. */
export default {
  id: 'options',
  order: 310,
  blocks(context) {
    const { run, t } = context;
    const all = profileCosts(context);
    if (all.length === 0) return [];
    const first = firstProfile(run.config);
    const dearer = all.filter(({ costs }) =>
      [...costs.values()].some(({ standing }) => standing === 'worse'),
    );
    const n = new Set(dearer.map(({ profile }) => profile)).size;
    return [
      chapter({ title: t(words.title), id: 'options', gist: [text(t(words.gist({ n })))], open: true }, [
        paragraph(text(t(words.intro({ first })))),
        paragraph(text(t(words.otherwise({ first })))),
        ...(all.some(({ effect }) => effect !== null) ? [] : [paragraph(text(t(words.noFacts)))]),
        ...[...Map.groupBy(all, ({ runtime }) => runtime)].flatMap(([runtime, own]) =>
          costTable(runtime, own, context),
        ),
      ]),
    ];
  },
} satisfies Section;

function costTable(runtime: string, own: readonly ProfileCost[], context: ReportContext): readonly Block[] {
  const categories = categoryOrder.filter((category) => own.some(({ costs }) => costs.has(category)));
  return [
    heading(3, runtime),
    tableOf(
      own,
      [
        [words.option, ({ profile }) => code(profile)],
        ...categories.map(
          (category): TableColumn<ProfileCost> => [
            categoryNames[category],
            (one) => costText(one, category, context),
            'right',
          ],
        ),
        [words.changes, (one) => changesText(one, context)],
      ],
      context.lang,
      words.caption({ runtime }),
    ),
  ];
}

/** The cost, or why there is none. Options that were not applied at all get no verdict. */
function costText(
  { costs, rows, effect }: ProfileCost,
  category: Category,
  { lang, t }: ReportContext,
): Text {
  const cost = costs.get(category);
  if (cost === undefined) {
    const row = rows.find((each) => each.category === category);
    return row === undefined ? [] : [quoted(row, 'note', lang)];
  }
  const ratio = number(formatRatioEstimate(cost.cost, lang), cost.cost.ratio);
  const isNothing = effect !== null && effect.notApplied.length > 0 && effect.applied.length === 0;
  return [ratio, lineBreak, isNothing ? text(t(words.notAppliedBrief)) : standingInline(cost.standing, t)];
}

function changesText({ effect }: ProfileCost, { t }: ReportContext): Text {
  if (effect === null) return [];
  const { changed, notApplied, dominatedBy } = effect;
  const lines = [
    ...(notApplied.length === 0 ? [] : [words.notApplied({ options: listed(notApplied) })]),
    ...changed.map(({ id, before, after }) =>
      words.change({ fact: factName(id), before: briefFact(before), after: briefFact(after) }),
    ),
    ...(changed.length === 0 && notApplied.length === 0 ? [words.nothing] : []),
    ...(dominatedBy.length === 0 ? [] : [words.dominated({ others: listed(dominatedBy, 'and') })]),
  ];
  return lines.flatMap((line, at) => (at === 0 ? [text(t(line))] : [lineBreak, text(t(line))]));
}

/** A profile under a runtime, compared with the run's first profile under the same runtime. */
interface ProfileCost {
  readonly runtime: string;
  readonly profile: string;
  /** Its headline rows. */
  readonly rows: readonly SummaryRow[];
  /** Category → its cost; categories without a ratio are absent. */
  readonly costs: ReadonlyMap<Category, CategoryCost>;
  /** null if the facts are missing under one of the two. */
  readonly effect: ProfileEffect | null;
}

/** Every further profile of a run under each of its runtimes; empty if the run has only one profile. */
function profileCosts({ analysis, run, runtimes }: ReportContext): readonly ProfileCost[] {
  const { profiles = [], profileCategories = [], profileEffects = [] } = analysis;
  const first = comparedProfile(run.config);
  const headlines = profiles.filter(({ headline, layer }) => headline && layer === 'docker');
  return runtimes.flatMap((runtime) =>
    profilesOf(run.config).flatMap((profile): readonly ProfileCost[] => {
      const isOwn = (each: { readonly runtime: string; readonly profile?: string | undefined }) =>
        each.runtime === runtime && each.profile === profile;
      const rows = headlines.filter(isOwn);
      if (profile === first || rows.length === 0) return [];
      const costs = headlineCosts(rows, '');
      const estimates = profileCategories.filter(isOwn);
      const byCategory = categoryOrder.flatMap((category) => {
        const [cost] = categoryCosts(
          costs.filter(({ row }) => row.category === category),
          estimates.filter((one) => one.category === category),
        );
        return cost === undefined ? [] : [[category, cost] as const];
      });
      return [
        { runtime, profile, rows, costs: new Map(byCategory), effect: profileEffects.find(isOwn) ?? null },
      ];
    }),
  );
}

/** The leading number of a fact (`14: CHOWN …`), or the whole fact. */
function briefFact(value: string): string {
  return /^\d+(?=[:,])/.exec(value)?.[0] ?? value;
}
