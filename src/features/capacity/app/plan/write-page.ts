import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { sayInFiles } from '../../../../core/messages/command.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import type { PagePictures } from '../../../../report/document/page-parts.ts';
import type { CapacityPlan } from '../../plan/capacity-plan.ts';

/** Writes a plan as an HTML page; returns its path. */
export async function writePlanPage(
  { store, pictures, environment }: AppContext,
  plan: CapacityPlan,
  file: string,
  lang: Lang,
): Promise<string> {
  const path = resolve(environment.workingDirectory, file);
  const { planCharts } = await import('../../plan/report/charts.ts');
  const { planPage } = await import('../../plan/report/page.ts');
  const charts = planCharts(plan, lang);
  const svgs: Record<string, PagePictures> = {};
  for (const { id, wide, narrow } of charts)
    svgs[id] = { wide: await pictures.svg(wide), narrow: await pictures.svg(narrow) };
  await store.writeAtomically(
    path,
    sayInFiles(() => planPage(plan, lang, charts, svgs)),
  );
  return path;
}
