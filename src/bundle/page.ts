import { type Bundle, bundle } from './bundle.ts';
import { licenceText } from './licences.ts';

/**
 * Bundles `src/page/` with Vega, Vega-Lite and Vega's interpreter (which needs no `eval`) into one script. The licences stand in
 * front of it: whoever gets a report gets a copy of these packages.
 */
export async function bundlePage(): Promise<Bundle> {
  const made = await bundle('src/page/main.ts', {
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  });
  const text = licenceText(made.licences);
  if (text.includes('*/')) throw new Error('a licence would end the comment that it stands in');
  // Browsers read line ends as line feeds, and compute the digest over what they read.
  const code = `/*!\n${text}\n*/\n${made.code}`.replaceAll('\r\n', '\n').trim();
  if (/<\/script|<!--/i.test(code)) throw new Error('the script of the report would end itself');
  return { ...made, code };
}
