import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sayInFiles } from '../messages/command.ts';
import { notices, type Reason, reasons } from '../messages/define.ts';
import { exitCodes, formatProblem, OcibenchError, problemOf } from '../model/error.ts';
import { removeTemporaries } from '../store/files.ts';
import type { AppContext } from './context.ts';
import type { HistoryFlags } from './history.ts';
import { historyIn, type OpenHistory, openHistory } from './history-file.ts';
import { historyPlace } from './nightly-settings.ts';
import { unsafePlace } from './unsafe-place.ts';

const text = notices('site', {
  unsafe: 'the dashboard is not written',
  notWritten: 'the dashboard was not written: {why}',
  written: 'dashboard: {page}',
});
const why = reasons('site', {
  link: { message: 'it is a symbolic link', fix: 'remove it, or name another directory with --site' },
  shared: { message: '{who}', fix: 'name another directory with --site' },
});

/** Flags of `ocibench history site`. */
export type SiteFlags = HistoryFlags & { readonly site?: string };

/** A dashboard that was written. */
export interface WrittenSite {
  /** The page to open. */
  readonly page: string;
  readonly files: number;
  readonly bytes: number;
}

/** Where the dashboard of a history is written unless said otherwise. */
function siteOf(history: string): string {
  return join(history, 'site');
}

/** Writes the dashboard of a history: pages that need no server. */
export async function makeSite(app: AppContext, flags: SiteFlags): Promise<WrittenSite> {
  const { history: directory } = historyPlace(app, flags);
  const site =
    flags.site === undefined ? siteOf(directory) : resolve(app.environment.workingDirectory, flags.site);
  return await writeSite(app, await openHistory(app, directory), site);
}

/**
 * The same after a night, which is measured and written down: what goes wrong here is no failure of it. It takes seconds of a
 * CPU, so it does not run beside a measurement; the night that measures meanwhile writes its own.
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
  site: string,
): Promise<WrittenSite> {
  await refuseUnsafe(site);
  // Of a process that was killed while it wrote.
  await removeTemporaries(site);
  const { siteFiles } = await import('../dashboard/site.ts');
  const script = await app.pictures.dashboardScript();
  const files = sayInFiles(() =>
    siteFiles({
      ...{ history, damaged },
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

/** Months that are no longer in the history. */
async function removeOldMonths(data: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(data).catch(() => []))
    if (month.test(name) && !kept.has(join(data, name))) await rm(join(data, name), { force: true });
}

/** OcibenchError (exit 2) where the place is a link, or somebody else's. */
async function refuseUnsafe(site: string): Promise<void> {
  const found = await unsafePlace([site, join(site, 'data')]);
  if (found === null) return;
  const reason: Pick<Reason, 'message' | 'fix'> =
    found.who === null ? why.link : why.shared({ who: found.who });
  throw new OcibenchError(text.unsafe, {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file: found.path, key: '' }, reason)],
  });
}
