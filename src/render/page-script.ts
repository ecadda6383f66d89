import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageScript } from '../model/page-script.ts';

let made: Promise<PageScript> | null = null;

/**
 * Bundles `src/page/` with Vega, Vega-Lite and Vega's interpreter (which needs no `eval`) into one script, once per
 * process. The same versions give the same bytes.
 */
export function pageScript(): Promise<PageScript> {
  made ??= bundle();
  return made;
}

/** The licences of Vega and D3 require copies to name them. */
const banner =
  '/*! Contains Vega, Vega-Lite (BSD-3-Clause, University of Washington Interactive Data Lab) and D3 (ISC, Mike Bostock). */';

async function bundle(): Promise<PageScript> {
  // Compiled, this file and the page's are JavaScript.
  const entry = new URL(`../page/main${extname(import.meta.url)}`, import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: banner },
    write: false,
    logLevel: 'silent',
  });
  // Browsers read line ends as line feeds, and compute the digest over what they read.
  const code = (outputFiles[0]?.text ?? '').replaceAll('\r\n', '\n').trim();
  if (/<\/script|<!--/i.test(code)) throw new Error('the script of the report would end itself');
  return { code, sha256: createHash('sha256').update(code).digest('base64') };
}
