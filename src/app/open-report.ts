import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'shell-quote';
import { findProgram } from '../core/files/programs.ts';
import { notices, reasons } from '../core/messages/define.ts';
import { refusal } from '../core/model/failure/error.ts';
import { execa } from '../core/programs/execa.ts';
import type { AppContext } from './context.ts';
import { type ReadFlags, resultsOf } from './measure/past-runs.ts';

const text = notices('open', {
  noReport: 'there is no report to open',
  opened: 'opened with {program}',
  asRoot: 'warning: the browser runs as root, because BROWSER names it',
  rootOpensNone:
    'not opened: a browser started by root has all rights; to open it anyway:  BROWSER=firefox @(report --open {run})',
  noDisplay: 'not opened: there is no display (DISPLAY, WAYLAND_DISPLAY), and BROWSER is not set',
  noOpener: 'not opened: there is no xdg-open, and BROWSER is not set',
  failed: 'not opened: {program} ended with {code}',
});
const why = reasons('open', {
  missing: { message: 'does not exist', fix: 'create it:  @(report {run})' },
});

/** The environment variables that decide how a page is opened. */
export type BrowserVariables = Readonly<Partial<Record<'BROWSER' | 'DISPLAY' | 'WAYLAND_DISPLAY', string>>>;

/** A browser may stay in the foreground while it is open; a failing one ends within this time, ms. */
const startLimitMs = 2_000;

/** A command of BROWSER with `%s` replaced by the page's address, or the address appended. */
function browserCommand(browser: string, address: string): readonly string[] {
  const words = parse(browser.split(':')[0] ?? '').filter((word) => typeof word === 'string');
  return words.some((word) => word.includes('%s'))
    ? words.map((word) => word.replaceAll('%s', address))
    : [...words, address];
}

/**
 * Opens the report of a run in the user's browser; returns its path. Without a browser, or where root would start it unasked,
 * only prints the path. OcibenchError (exit 2) where the run or its report is missing.
 */
export async function openReport(
  app: AppContext,
  name: string,
  { in: place, variables }: Pick<ReadFlags, 'in'> & { readonly variables: BrowserVariables },
): Promise<string> {
  const { reporter, environment } = app;
  const run = await app.store.findRun(name, resultsOf(app, place));
  const path = join(run, 'report.html');
  if (!(await lstat(path).catch(() => null))?.isFile())
    throw refusal(text.noReport, path, why.missing({ run: name }));
  const { BROWSER = '', DISPLAY = '', WAYLAND_DISPLAY = '' } = variables;
  if (environment.isRoot && BROWSER === '') {
    reporter.log(text.rootOpensNone({ run: name }));
    return path;
  }
  if (BROWSER === '' && DISPLAY === '' && WAYLAND_DISPLAY === '') {
    reporter.log(text.noDisplay);
    return path;
  }
  const address = pathToFileURL(path).href;
  const [program = '', ...args] = BROWSER === '' ? ['xdg-open', address] : browserCommand(BROWSER, address);
  if ((await findProgram(program)) === null && BROWSER === '') {
    reporter.log(text.noOpener);
    return path;
  }
  if (environment.isRoot) reporter.warn(text.asRoot);
  const started = execa(program, args, { stdio: 'ignore', detached: true, reject: false, cleanup: false });
  const ended = await Promise.race([started, app.clock.sleep(startLimitMs)]);
  if (ended === undefined || ended.exitCode === 0) reporter.log(text.opened({ program }));
  else reporter.warn(text.failed({ program, code: String(ended.exitCode ?? ended.code ?? '?') }));
  return path;
}
