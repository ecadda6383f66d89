import { dirname, join, resolve } from 'node:path';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { messages } from '../report/messages/index.ts';
import { findRun, loadRun, newestRun } from '../store/run-directory.ts';
import { conclude, pointLatestTo, printConclusion } from './conclude.ts';
import { allWorkloads, type CommonFlags, languageOf } from './configuration.ts';
import { terminal } from './terminal.ts';

/** `ocibench report RUN`: analysis, CSV, charts and reports again, from disk alone. */
export async function reportCommand(
  name: string,
  flags: Pick<CommonFlags, 'out' | 'lang' | 'json' | 'config'>,
): Promise<ExitCode> {
  const all = join(resolve(flags.out ?? '.'), 'results');
  const results = await findRun(name, all);
  const { run, trials, torn } = await loadRun(results);
  const lang = flags.lang === undefined ? run.config.lang : languageOf(flags.lang);
  const m = messages(lang);
  for (const file of torn) terminal.log(m.cutOff.tornLeftOut(file));
  const place = { results, charts: join(dirname(dirname(results)), 'charts', run.runId) };
  const conclusion = await conclude(run, trials, await allWorkloads(flags), lang, place);
  // A run whose reports were cut off has not been pointed to.
  if (results === (await newestRun(all))) await pointLatestTo(place);
  printConclusion(run, conclusion, place, { lang, json: flags.json ?? false });
  return exitCodes.ok;
}
