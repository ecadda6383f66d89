import { dirname, resolve } from 'node:path';
import { otherHandInPresent } from '../files/ownership.ts';
import { isRoot } from '../host/state-directory.ts';
import { sayInFiles } from '../messages/command.ts';
import { notices, reasons } from '../messages/define.ts';
import type { Lang } from '../messages/message.ts';
import type { CapacityPlan } from '../model/capacity-plan.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import type { PagePictures } from '../report/page-parts.ts';
import type { AppContext } from './context.ts';

const text = notices('planPage', { unsafe: 'the page is not written' });
const why = reasons('planPage', { shared: { message: '{who}', fix: 'name another file with --html' } });

/** Writes a plan as one page; returns its path. As root, nothing where another user can exchange what is written. */
export async function writePlanPage(
  { store, pictures, environment }: AppContext,
  plan: CapacityPlan,
  file: string,
  lang: Lang,
): Promise<string> {
  const path = resolve(environment.workingDirectory, file);
  const who = isRoot() ? await otherHandInPresent([dirname(path), path]) : null;
  if (who !== null)
    throw new OcibenchError(text.unsafe, {
      exitCode: exitCodes.misuse,
      problems: [problemOf({ file: path, key: '' }, why.shared({ who }))],
    });
  const { planCharts } = await import('../report/capacity-plan/charts.ts');
  const { planPage } = await import('../report/capacity-plan/page.ts');
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
