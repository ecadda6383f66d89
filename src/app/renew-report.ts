import { dirname } from 'node:path';
import type { AppContext } from './context.ts';
import { addedData, conclude } from './measure/conclude.ts';
import { sincePublished } from './measure/run-before.ts';
import { reportPlace } from './measure/stored-run.ts';
import type { Opened } from './open-stored.ts';
import { publishedChanges, publishedLanguage } from './published.ts';

/**
 * Makes the files of a run anew after something was added to its records, in the language of its report and with the same run
 * before it. False where it has no report, or one of another version of ocibench, which may say other things: it stays as it is.
 */
export async function renewReport(
  app: Pick<AppContext, 'store' | 'pictures' | 'environment'>,
  { path, run, trials, workloads }: Opened,
): Promise<boolean> {
  const lang = await publishedLanguage(path);
  if (lang === null || run.harnessVersion !== app.environment.version) return false;
  const place = await reportPlace(path, run, {});
  const since = await sincePublished(app.store, dirname(path), run, workloads, await publishedChanges(path));
  const added = await addedData({ path, run, trials, workloads });
  await conclude(app, { run, trials, added, workloads, lang, place, since });
  return true;
}
