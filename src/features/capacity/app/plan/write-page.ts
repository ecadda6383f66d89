import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { sayInFiles } from '../../../../core/messages/command.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import type { CapacityPlan } from '../../plan/capacity-plan.ts';

/** Writes a plan as an HTML page; returns its path. */
export async function writePlanPage(
  { store, environment }: Pick<AppContext, 'store' | 'environment'>,
  plan: CapacityPlan,
  file: string,
  lang: Lang,
): Promise<string> {
  const path = resolve(environment.workingDirectory, file);
  const { planPage } = await import('../../plan/report/page.ts');
  await store.writeAtomically(
    path,
    sayInFiles(() => planPage(plan, lang)),
  );
  return path;
}
