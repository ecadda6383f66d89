import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { messages } from '../report/messages/index.ts';
import { findRun, loadRun, newestRun } from '../store/run-directory.ts';
import { conclude, pointLatestTo, printConclusion } from './conclude.ts';
import { allWorkloads, type CommonFlags, languageOf } from './configuration.ts';
import { refuseOtherName, refuseUnknownWorkloads, reportPlace } from './stored-run.ts';
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
  // `latest` is a link.
  const path = await realpath(await findRun(name, all));
  const { run, trials, torn } = await loadRun(path);
  refuseOtherName(path, run);
  const workloads = await allWorkloads(flags, { here: false });
  refuseUnknownWorkloads(run, workloads, flags);
  const lang = flags.lang === undefined ? run.config.lang : languageOf(flags.lang);
  const m = messages(lang);
  for (const file of torn) terminal.log(m.cutOff.tornLeftOut(file));
  // Beside the records themselves, a report without names would be published with them.
  const anonymousOut = join(flags.out ?? dirname(dirname(path)), 'anonymous');
  const place = await reportPlace(path, run, flags.anonymous ? { out: anonymousOut } : flags);
  const withhold = flags.anonymous ? ownNames() : null;
  const conclusion = await conclude(run, trials, workloads, lang, place, withhold);
  const newest = await newestRun(all);
  // A run whose reports were cut off has not been pointed to.
  if (!flags.anonymous && newest !== null && path === (await realpath(newest))) await pointLatestTo(place);
  printConclusion(conclusion.run, conclusion, place, { lang, json: flags.json ?? false });
  return exitCodes.ok;
}
