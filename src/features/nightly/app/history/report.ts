import { lstat, readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { sayInFiles } from '../../../../core/messages/command.ts';
import { notices } from '../../../../core/messages/define.ts';
import { runIdSchema } from '../../../../core/model/run/run.ts';
import { reasonOf } from '../night/close.ts';
import { historyPlace, type NightlySettings } from '../night/settings.ts';
import type { HistoryFlags } from './histories.ts';
import { historyIn, type OpenHistory, openHistory } from './history-file.ts';

const text = notices('nightlyReport', {
  notWritten: 'the report of the nights was not written: {why}',
  written: 'report of the nights: {page}',
});

/** Flags of `ocibench nightly page`. */
export type NightsReportFlags = HistoryFlags & { readonly to?: string };

/** Writes the report of a history. Returns its path. */
export async function writeReport(app: AppContext, flags: NightsReportFlags): Promise<string> {
  const { history, results } = historyPlace(app, flags);
  const directory = flags.to === undefined ? history : resolve(app.environment.workingDirectory, flags.to);
  return await write(app, await openHistory(app, history), directory, results);
}

/**
 * Writes the report after a night. The night is already recorded, so an error here is only a warning. Drawing takes seconds of
 * CPU time, so it is skipped while another night measures: that night writes the report when it ends.
 */
export async function reportAfterNight(
  app: AppContext,
  { history, results }: Pick<NightlySettings, 'history' | 'results'>,
): Promise<void> {
  try {
    const lock = await app.host.lock({ command: 'ocibench nightly', runId: 'report' });
    if (lock.kind === 'busy') return;
    await using _held = lock;
    const opened = await historyIn(history, app.reporter.lang);
    app.reporter.log(text.written({ page: await write(app, opened, history, results) }));
  } catch (error) {
    app.reporter.warn(text.notWritten({ why: reasonOf(error) }));
  }
}

async function write(
  app: AppContext,
  { history, unread }: OpenHistory,
  directory: string,
  results: string,
): Promise<string> {
  const { evaluateHosts } = await import('../../report/host-nights.ts');
  const { drawCourses } = await import('../../report/series-table.ts');
  const { reportPage } = await import('../../report/page.ts');
  const hosts = evaluateHosts(history);
  const pictures = new Map<string, string>();
  for (const [name, spec] of hosts.flatMap(drawCourses)) pictures.set(name, await app.pictures.svg(spec));
  const input = {
    history,
    unread,
    at: app.clock.date().toISOString(),
    version: app.environment.version,
    links: await linkRuns(results, directory),
    lang: app.reporter.lang,
  };
  const path = join(directory, 'report.html');
  const page = sayInFiles(() => reportPage(hosts, input, pictures));
  await app.store.writeAtomically(path, page);
  return path;
}

/** Run → its report, or else its directory, as seen from `directory`. */
async function linkRuns(results: string, directory: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(results).catch(() => []);
  const links = new Map<string, string>();
  for (const run of names.filter((name) => runIdSchema.safeParse(name).success)) {
    const place = join(results, run);
    const page = join(place, 'report.html');
    const hasPage = (await lstat(page).catch(() => null))?.isFile() === true;
    links.set(run, relative(directory, hasPage ? page : place));
  }
  return links;
}
