import { dirname, join, resolve } from 'node:path';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { messages } from '../report/messages/index.ts';
import { findRun, loadRun, newestRun } from '../store/run-directory.ts';
import { conclude, outputPlace, pointLatestTo, printConclusion } from './conclude.ts';
import { allWorkloads, type CommonFlags, languageOf } from './configuration.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench report`, as typed. */
export interface ReportFlags extends Pick<CommonFlags, 'out' | 'lang' | 'json' | 'config'> {
  readonly anonymous?: boolean;
}

/** Names of whoever makes the report; those of the host and of other people are in the records. */
function ownNames(): readonly string[] {
  const { SUDO_USER, LOGNAME, USER } = process.env;
  return [SUDO_USER, LOGNAME, USER].filter((name) => name !== undefined);
}

/** `ocibench report RUN`: analysis, CSV, charts and reports again, from disk alone. */
export async function reportCommand(name: string, flags: ReportFlags): Promise<ExitCode> {
  const all = join(resolve(flags.out ?? '.'), 'results');
  const results = await findRun(name, all);
  const { run, trials, torn } = await loadRun(results);
  const lang = flags.lang === undefined ? run.config.lang : languageOf(flags.lang);
  const m = messages(lang);
  for (const file of torn) terminal.log(m.cutOff.tornLeftOut(file));
  const base = dirname(dirname(results));
  // Beside the records themselves, a report without names would be published with them.
  const place = flags.anonymous
    ? outputPlace(join(base, 'anonymous'), run.runId)
    : { results, charts: join(base, 'charts', run.runId) };
  const withhold = flags.anonymous ? ownNames() : null;
  const conclusion = await conclude(
    run,
    trials,
    await allWorkloads(flags, { here: false }),
    lang,
    place,
    withhold,
  );
  // A run whose reports were cut off has not been pointed to.
  if (!flags.anonymous && results === (await newestRun(all))) await pointLatestTo(place);
  printConclusion(conclusion.run, conclusion, place, { lang, json: flags.json ?? false });
  return exitCodes.ok;
}
