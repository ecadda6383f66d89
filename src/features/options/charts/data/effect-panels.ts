import type { EffectRow } from '../../../../core/model/analysis/analysis.ts';
import type { Design } from '../../../../core/model/run/design.ts';
import { paged } from '../../../../report/charts/grammar/layout.ts';
import type { ReportContext } from '../../../../report/context.ts';
import { groupBy, subjectLabel } from '../../../../report/document/labels.ts';
import { costRatio } from '../../../../report/findings/row-guards.ts';
import { isClaim } from '../../../../report/tables/direct-table.ts';

/** Up to this many effects, all interactions of a design are drawn; with more, only those with a claim. */
const fewEffects = 6;
/** Maximum number of subjects, and of rows, in one picture. */
const mostSubjects = 14;
const mostLines = 26;

/** Number of panels side by side on a slide, a page or in a file. */
export const panelColumns = 2;

/** One picture of a design: panels of effects over the same subjects. */
export interface EffectPage {
  readonly design: Design;
  /** Rows of each effect, main effects first. */
  readonly panels: readonly (readonly EffectRow[])[];
  /** Ratios of the whole design, for a common scale of its pictures. */
  readonly ratios: readonly number[];
  /** Does the design have interactions that are not drawn? */
  readonly isPart: boolean;
}

/** The pictures of every design of a run; null without designs. */
export function effectPages({ analysis, run }: ReportContext): readonly EffectPage[] | null {
  const { effects } = analysis;
  const { designs = [] } = run.config;
  if (effects === undefined) return null;
  return designs.flatMap((design) =>
    pagesOf(
      design,
      effects.filter((row) => row.design === design.name),
    ),
  );
}

function pagesOf(design: Design, rows: readonly EffectRow[]): readonly EffectPage[] {
  const all = groupBy(rows, ({ factor, level, beside }) =>
    JSON.stringify([factor, level, beside?.factor, beside?.level]),
  ).filter((own) => own.some((row) => costRatio(row) !== null));
  const isFew = all.length <= fewEffects;
  const drawn = all.filter(([first, ...others]) =>
    first?.beside === undefined ? true : isFew || [first, ...others].some(isClaim),
  );
  const hasCost = new Set(
    drawn.flat().flatMap((row) => (costRatio(row) === null ? [] : [subjectLabel(row)])),
  );
  const ratios = drawn.flat().flatMap((row) => {
    const cost = costRatio(row);
    return cost === null ? [] : [cost.ratio, cost.low ?? cost.ratio, cost.high ?? cost.ratio];
  });
  return paged([...hasCost], mostSubjects).flatMap((subjects) => {
    const room = panelColumns * Math.max(1, Math.floor(mostLines / (subjects.length + 2)));
    const own = drawn.map((panel) => panel.filter((row) => subjects.includes(subjectLabel(row))));
    return paged(own, room).map((panels) => ({ design, panels, ratios, isPart: drawn.length < all.length }));
  });
}
