import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { sayInFiles } from '../../../../core/messages/command.ts';
import { notices } from '../../../../core/messages/define.ts';
import { formatProblem, OcibenchError } from '../../../../core/model/error.ts';
import { removeNames } from '../../../../core/store/files.ts';
import { historyPlace } from '../night/settings.ts';
import type { HistoryFlags } from './histories.ts';
import { historyIn, type OpenHistory, openHistory } from './history-file.ts';

/** Source folder of the pages' script. */
const page = new URL('../../site/page/', import.meta.url);

const text = notices('site', {
  notWritten: 'the dashboard was not written: {why}',
  written: 'dashboard: {page}',
});

/** Flags of `ocibench nightly site`. */
export type SiteFlags = HistoryFlags & { readonly site?: string };

/** Result of writing a dashboard. */
export interface WrittenSite {
  /** The page to open. */
  readonly page: string;
  readonly files: number;
  readonly bytes: number;
}

/** Path of a dashboard. */
interface SitePlace {
  readonly site: string;
  /** The part of the path that the user named. A link below it came with the history. */
  readonly named: string;
}

/** Default place of the dashboard of a history. */
function siteOf(history: string): SitePlace {
  return { site: join(history, 'site'), named: history };
}

/** Writes the dashboard of a history: pages that need no server. */
export async function makeSite(app: AppContext, flags: SiteFlags): Promise<WrittenSite> {
  const { history: directory } = historyPlace(app, flags);
  const asked = flags.site === undefined ? null : resolve(app.environment.workingDirectory, flags.site);
  const place = asked === null ? siteOf(directory) : { site: asked, named: asked };
  return await writeSite(app, await openHistory(app, directory), place);
}

/**
 * Writes the dashboard after a night. The night is already recorded, so an error here is only a warning. Writing takes seconds
 * of CPU time, so it is skipped while another night measures: that night writes the dashboard when it ends.
 */
export async function siteAfterNight(app: AppContext, directory: string): Promise<void> {
  try {
    const lock = await app.host.lock({ command: 'ocibench nightly', runId: 'site' });
    if (lock.kind === 'busy') return;
    await using _held = lock;
    const { page } = await writeSite(app, await historyIn(directory, app.reporter.lang), siteOf(directory));
    app.reporter.log(text.written({ page }));
  } catch (error) {
    const [problem] = error instanceof OcibenchError ? error.problems : [];
    const said = problem === undefined ? (error as Error).message : formatProblem(problem, app.reporter.lang);
    app.reporter.warn(text.notWritten({ why: said }));
  }
}

async function writeSite(
  app: AppContext,
  { history, damaged }: OpenHistory,
  { site, named }: SitePlace,
): Promise<WrittenSite> {
  refuseNotOwn([join(site, 'data')], { named });
  const { siteFiles } = await import('../../site/site.ts');
  const script = await app.pictures.pageScript(page);
  const files = sayInFiles(() =>
    siteFiles({
      history,
      damaged,
      at: app.clock.date().toISOString(),
      version: app.environment.version,
      script,
      digest: (content) => createHash('sha256').update(content).digest('base64'),
    }),
  );
  const written = new Map([...files].map(([path, content]) => [join(site, path), content]));
  await app.store.writeTogether(written);
  await removeOldMonths(join(site, 'data'), new Set(written.keys()));
  const bytes = [...written.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  return { page: join(site, 'index.html'), files: written.size, bytes };
}

const month = /^\d{4}-\d{2}\.html$/;

/** Removes the pages of months that are no longer in the history. */
async function removeOldMonths(data: string, kept: ReadonlySet<string>): Promise<void> {
  const present = await readdir(data).catch(() => []);
  await removeNames(
    data,
    present.filter((name) => month.test(name) && !kept.has(join(data, name))),
  );
}
