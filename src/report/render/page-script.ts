import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageScript } from '../page-script.ts';

/** The folder with the script of report.html. */
const folder = new URL('../page/', import.meta.url);

let made: Promise<PageScript> | undefined;

/** The script of report.html and its digest, the only script that its policy allows. Made or read once per process. */
export function pageScript(): Promise<PageScript> {
  made ??= pageCode().then((code) => ({ code, sha256: createHash('sha256').update(code).digest('base64') }));
  return made;
}

/** The script: a checkout bundles its sources; a package contains the same bytes as a file, and no bundler. */
async function pageCode(): Promise<string> {
  const isBuilt = extname(import.meta.url) === '.js';
  if (isBuilt) return readFile(new URL('page.js', folder), 'utf8');
  const { bundlePage } = await import('./bundle-page.ts');
  return (await bundlePage(fileURLToPath(new URL('main.ts', folder)))).code;
}
