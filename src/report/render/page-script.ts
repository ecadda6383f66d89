import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { PageScript } from '../../core/model/page-script.ts';

/** The pages that have a script, and the file that a package has it in. */
const files = { report: 'page.js', dashboard: 'dashboard.js' } as const;
type Page = keyof typeof files;

const read = new Map<Page, Promise<PageScript>>();

/** The script of report.html and its digest, the only script that the page's policy lets run. Made or read once per process. */
export function pageScript(): Promise<PageScript> {
  return scriptOf('report');
}

/** Likewise of the dashboard of a history. */
export function dashboardScript(): Promise<PageScript> {
  return scriptOf('dashboard');
}

function scriptOf(page: Page): Promise<PageScript> {
  const known = read.get(page);
  if (known !== undefined) return known;
  const script = pageCode(page).then((code) => ({
    code,
    sha256: createHash('sha256').update(code).digest('base64'),
  }));
  read.set(page, script);
  return script;
}

/** A checkout bundles its own sources; a package has the same bytes as a file, and no bundler. */
async function pageCode(page: Page): Promise<string> {
  const isBuilt = extname(import.meta.url) === '.js';
  if (isBuilt) return readFile(new URL(`../page/${files[page]}`, import.meta.url), 'utf8');
  const { bundleDashboard, bundlePage } = await import('../../core/bundle/page.ts');
  return (await (page === 'report' ? bundlePage() : bundleDashboard())).code;
}
