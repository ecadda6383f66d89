import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { PageScript } from '../model/page-script.ts';

let read: Promise<PageScript> | null = null;

/** The script of report.html and its digest, the only script that the page's policy lets run. Made or read once per process. */
export function pageScript(): Promise<PageScript> {
  read ??= pageCode().then((code) => ({
    code,
    sha256: createHash('sha256').update(code).digest('base64'),
  }));
  return read;
}

/** A checkout bundles its own sources; a package has the same bytes as a file, and no bundler. */
async function pageCode(): Promise<string> {
  const isBuilt = extname(import.meta.url) === '.js';
  if (isBuilt) return readFile(new URL('../page/page.js', import.meta.url), 'utf8');
  return (await (await import('../bundle/page.ts')).bundlePage()).code;
}
