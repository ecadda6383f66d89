import { type Bundle, bundle } from './bundle.ts';
import { licenceText } from './licences.ts';

/** Bundles the script of reports: `src/report/page/` with Vega, Vega-Lite and Vega's interpreter (which needs no `eval`). */
export function bundlePage(): Promise<Bundle> {
  return bundleScript('src/report/page/main.ts');
}

/** Bundles the script of dashboards: `src/features/nightly/site/page/` with D3's scales and shapes. */
export function bundleDashboard(): Promise<Bundle> {
  return bundleScript('src/features/nightly/site/page/main.ts');
}

/** One script for a page. The licences stand in front of it: whoever gets a page gets a copy of these packages. */
async function bundleScript(entry: string): Promise<Bundle> {
  const made = await bundle(entry, {
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  });
  const text = licenceText(made.licences);
  if (text.includes('*/')) throw new Error('a licence would end the comment that it stands in');
  // Browsers read line ends as line feeds, and compute the digest over what they read.
  const code = `/*!\n${text}\n*/\n${made.code}`.replaceAll('\r\n', '\n').trim();
  if (/<\/script|<!--/i.test(code)) throw new Error(`the script of ${entry} would end itself`);
  return { ...made, code };
}
