import { cp, glob, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';

/**
 * Copies what pages link beside other pages (tables, pictures, examples) from the repository into the site, since a
 * generator copies none of it. Throws an Error that names page and link where there is no such file, except below `partly`,
 * where the repository keeps only a part.
 */
export async function copyLinkedFiles(root: string, site: string, partly: string): Promise<void> {
  for await (const page of glob(join(site, '**/*.html'))) {
    for (const file of linkedFiles(await readFile(page, 'utf8'))) {
      const path = normalize(join(dirname(relative(site, page)), file));
      try {
        await mkdir(dirname(join(site, path)), { recursive: true });
        await cp(join(root, path), join(site, path));
      } catch (cause) {
        if (path.startsWith(partly)) continue;
        throw new Error(`${relative(site, page)} links ${file}, which is no file`, { cause });
      }
    }
  }
}

/** Relative links of a page that lead to no page. */
function linkedFiles(html: string): ReadonlySet<string> {
  const links = [...html.matchAll(/<a href="([^"#?]+)/g)].map(([, link = '']) => link);
  return new Set(links.filter((link) => !/^([a-z]+:|\/)|\.html$|\/$/.test(link)));
}
