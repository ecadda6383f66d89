import { type Bundle, bundle } from '../../core/bundle/bundle.ts';
import { licenceText } from '../../core/bundle/licences.ts';

/**
 * Bundles the script of a page with the packages that it imports. The licences precede the code, because every copy of
 * a page contains copies of these packages.
 */
export async function bundlePage(entry: string): Promise<Bundle> {
  const made = await bundle(entry, {
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  });
  const text = licenceText(made.licences);
  if (text.includes('*/')) throw new Error('a licence would end the comment that it stands in');
  const licences = text === '' ? '' : `/*!\n${text}\n*/\n`;
  // Browsers read line ends as line feeds, and compute the digest over the result.
  const code = `${licences}${made.code}`.replaceAll('\r\n', '\n').trim();
  if (/<\/script|<!--/i.test(code)) throw new Error(`the script of ${entry} would end itself`);
  return { ...made, code };
}
