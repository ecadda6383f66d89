import type { Lang } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { familyColors } from '../../../../report/charts/grammar/palette.ts';
import { staticPage } from '../../../../report/document/static-page.ts';
import type { CapacityPlan } from '../capacity-plan.ts';
import { planBlocks } from './blocks.ts';
import { planWords } from './words.ts';

/** A plan as one file without scripts: text and tables. */
export function planPage(plan: CapacityPlan, lang: Lang): string {
  const colors = familyColors(plan.runtimes.map(({ runtime: name, family }) => ({ name, family })));
  const runtimes = [...colors].map(([name, color]) => ({ name, color }));
  const blocks = planBlocks(plan, lang).flat();
  return staticPage(blocks, { lang, title: translate(planWords.title, lang), svgs: {}, runtimes });
}
