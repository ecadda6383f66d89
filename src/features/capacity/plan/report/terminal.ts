import type { Lang } from '../../../../core/messages/message.ts';
import { renderTerminal, tableWidth } from '../../../../report/renderers/terminal.ts';
import type { Paint } from '../../../../report/renderers/terminal-text.ts';
import type { CapacityPlan } from '../capacity-plan.ts';
import { planBlocks } from './blocks.ts';

/** A plan for a terminal. */
export function planTable(
  plan: CapacityPlan,
  options: { readonly lang: Lang; readonly width?: number; readonly paint?: Paint },
): string {
  const { lang, width = tableWidth, paint } = options;
  return renderTerminal(planBlocks(plan, lang), { lang, width, paint });
}
