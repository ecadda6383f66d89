import type { ProfileEffect, SummaryRow } from '../../core/model/analysis/analysis.ts';
import { comparedProfile, profilesOf } from '../../core/model/runtime/container-profile.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import type { ReportContext } from '../../report/context.ts';
import { categoryOrder } from '../../report/document/labels.ts';
import { type CategoryCost, categoryCosts } from '../../report/findings/category-summary.ts';
import { headlineCosts } from '../../report/findings/headline-cost.ts';

/** A profile under a runtime, compared with the run's first profile under the same runtime. */
export interface ProfileCost {
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
export function profileCosts({ analysis, run, runtimes }: ReportContext): readonly ProfileCost[] {
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
export function briefFact(value: string): string {
  return /^\d+(?=[:,])/.exec(value)?.[0] ?? value;
}
