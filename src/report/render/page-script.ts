import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageScript } from '../../core/model/page-script.ts';

/** The folder with the script of report.html. */
const report = new URL('../page/', import.meta.url);

const read = new Map<string, Promise<PageScript>>();

/**
 * The script of a page and its digest, the only script that the page's policy allows. Made or read once per process. `folder`:
 * its sources; default: those of report.html.
 */
export function pageScript(folder = report): Promise<PageScript> {
  const known = read.get(folder.href);
  if (known !== undefined) return known;
  const script = pageCode(folder).then((code) => ({
    code,
    sha256: createHash('sha256').update(code).digest('base64'),
  }));
  read.set(folder.href, script);
  return script;
}

/** The script: a checkout bundles its sources; a package contains the same bytes as a file, and no bundler. */
async function pageCode(folder: URL): Promise<string> {
  const isBuilt = extname(import.meta.url) === '.js';
  if (isBuilt) return readFile(new URL('page.js', folder), 'utf8');
  const { bundlePage } = await import('../../core/bundle/page.ts');
  return (await bundlePage(fileURLToPath(new URL('main.ts', folder)))).code;
}
