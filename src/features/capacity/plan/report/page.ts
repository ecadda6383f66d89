import type { Lang } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { familyColors } from '../../../../report/charts/grammar/palette.ts';
import type { PagePictures } from '../../../../report/document/page-parts.ts';
import { staticPage } from '../../../../report/document/static-page.ts';
import type { CapacityPlan } from '../capacity-plan.ts';
import { planBlocks } from './blocks.ts';
import type { PlanChart } from './charts.ts';
import { planWords } from './words.ts';

/** A plan as one file without scripts: text, tables and pictures. */
export function planPage(
  plan: CapacityPlan,
  lang: Lang,
  charts: readonly PlanChart[],
  svgs: Readonly<Record<string, PagePictures>>,
): string {
  const colors = familyColors(plan.runtimes.map(({ runtime: name, family }) => ({ name, family })));
  const runtimes = [...colors].map(([name, color]) => ({ name, color }));
  const blocks = planBlocks(plan, lang, charts).flat();
  return staticPage(blocks, { lang, title: translate(planWords.title, lang), svgs, runtimes });
}
