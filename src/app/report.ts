import { access, constants, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunRequest } from '../core/config/command-line.ts';
import { notices } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import type { AppContext } from './context.ts';
import {
  analysisOf,
  conclude,
  type OutputDirectories,
  pointLatestTo,
  type RunConclusion,
} from './measure/conclude.ts';
import { languageOf } from './measure/configuration.ts';
import { type ReadFlags, resultsOf } from './measure/past-runs.ts';
import { sinceRunBefore } from './measure/run-before.ts';
import { reportPlace } from './measure/stored-run.ts';
import { openReadable } from './readable-run.ts';

const text = notices('report', {
  elsewhere: 'the directory of the run cannot be written here; the report is in {out}',
  tornLeftOut: '{file}: its last line was cut off by a crash and is left out',
});

/** Flags of `ocibench report`, as typed. */
export interface ReportFlags extends ReadFlags, Pick<RunRequest, 'out'> {
  readonly anonymous?: boolean;
}

/** The content of a report, and the directories of its files. */
interface ReportResult {
  readonly conclusion: Pick<RunConclusion, 'run' | 'analysis'>;
  /** null for an archive without `--out`. */
  readonly place: OutputDirectories | null;
  readonly lang: Lang;
}

/** May this user write into the directory? What root measured under sudo is root's. */
async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Recreates analysis, CSV, charts and reports of a stored run from disk alone, in `--out` or beside it; in
 * `report-RUN` of the working directory, with a word of it, where the run cannot be written. An archive without
 * `--out` is only analysed.
 */
export async function reportRun(app: AppContext, name: string, flags: ReportFlags): Promise<ReportResult> {
  const { store, environment } = app;
  const all = resultsOf(app, flags.in);
  const { path, run, trials, torn, workloads, archive } = await openReadable(app, name, flags);
  const lang = flags.lang === undefined ? run.config.lang : languageOf(flags.lang);
  for (const file of torn) app.reporter.log(text.tornLeftOut({ file }));
  if (archive !== null && flags.out === undefined && flags.anonymous !== true) {
    const { analysis } = analysisOf(run, trials, workloads);
    return { conclusion: { run, analysis }, place: null, lang };
  }
  // A report without names next to the records could be published together with them.
  const beside = archive === null ? dirname(dirname(path)) : environment.workingDirectory;
  const anonymousOut = join(flags.out ?? beside, 'anonymous');
  const readOnly = archive === null && flags.out === undefined && !(await isWritable(path));
  const elsewhere = join(environment.workingDirectory, `report-${run.runId}`);
  if (readOnly && !flags.anonymous) app.reporter.warn(text.elsewhere({ out: elsewhere }));
  const asked = readOnly ? { ...flags, out: elsewhere } : flags;
  const place = await reportPlace(path, run, flags.anonymous ? { out: anonymousOut } : asked);
  const withhold = flags.anonymous ? environment.userNames : null;
  const since = await sinceRunBefore(store, dirname(path), run, workloads);
  const conclusion = await conclude(app, { run, trials, workloads, lang, place, withhold, since });
  const newest = await store.newestRun(all);
  // `latest` does not yet point to a run whose reports were cut off.
  if (!flags.anonymous && !readOnly && newest !== null && path === (await realpath(newest)))
    await pointLatestTo(store, place);
  return { conclusion, place, lang };
}
