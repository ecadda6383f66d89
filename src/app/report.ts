import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunRequest } from '../core/config/command-line.ts';
import { notices } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import type { AppContext } from './context.ts';
import { addedData, type Conclusion, conclude, type OutputPlace, pointLatestTo } from './measure/conclude.ts';
import { languageOf } from './measure/configuration.ts';
import { sinceRunBefore } from './measure/run-before.ts';
import { reportPlace } from './measure/stored-run.ts';
import { openStored } from './open-stored.ts';

const text = notices('report', {
  tornLeftOut: '{file}: its last line was cut off by a crash and is left out',
});

/** Flags of `ocibench report`, as typed. */
export interface ReportFlags extends Pick<RunRequest, 'out' | 'lang' | 'config'> {
  readonly anonymous?: boolean;
}

/** Recreates analysis, CSV, charts and reports of a stored run from disk alone. */
export async function reportRun(
  app: AppContext,
  name: string,
  flags: ReportFlags,
): Promise<{ readonly conclusion: Conclusion; readonly place: OutputPlace; readonly lang: Lang }> {
  const { store, environment } = app;
  const all = join(resolve(environment.workingDirectory, flags.out ?? '.'), 'results');
  const { path, run, trials, torn, workloads } = await openStored(app, name, flags);
  const lang = flags.lang === undefined ? run.config.lang : languageOf(flags.lang);
  for (const file of torn) app.reporter.log(text.tornLeftOut({ file }));
  // Beside the records, a report without names could be published together with them.
  const anonymousOut = join(flags.out ?? dirname(dirname(path)), 'anonymous');
  const place = await reportPlace(path, run, flags.anonymous ? { out: anonymousOut } : flags);
  const withhold = flags.anonymous ? environment.userNames : null;
  const since = await sinceRunBefore(store, dirname(path), run, workloads);
  const added = await addedData({ path, run, trials, workloads });
  const conclusion = await conclude(app, { run, trials, added, workloads, lang, place, withhold, since });
  const newest = await store.newestRun(all);
  // `latest` does not yet point to a run whose reports were cut off.
  if (!flags.anonymous && newest !== null && path === (await realpath(newest)))
    await pointLatestTo(store, place);
  return { conclusion, place, lang };
}
