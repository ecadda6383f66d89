/**
 * The documents that are made from the sources and not kept in the repository. `npm run docs` writes them, as do the site and the
 * package.
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** What makes each; to load it takes seconds. */
const makers: Readonly<Record<string, () => Promise<string>>> = {
  'docs/data.md': async () => (await import('./data-reference.ts')).dataReference(),
  'docs/lab/page.fr.md': async () => (await import('./course-page/page.ts')).coursePage('fr'),
  'docs/lab/page.md': async () => (await import('./course-page/page.ts')).coursePage('en'),
  'docs/reasons.md': async () => {
    const { everyMessage } = await import('./every-message.ts');
    return (await import('./reason-reference.ts')).reasonReference(await everyMessage());
  },
  'docs/workloads.md': async () => {
    const { loadRecipes, loadWorkloads } = await import('../src/core/config/workloads.ts');
    const { workloadReference } = await import('./workload-reference.ts');
    return workloadReference(await loadWorkloads(), await loadRecipes());
  },
};

/** Their paths in the repository. */
export const generatedNames = Object.keys(makers);

/** The text of each, by its path. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const texts = Object.entries(makers).map(async ([name, make]) => [name, await make()] as const);
  return new Map(await Promise.all(texts));
}

/** Writes them where the other documents are. */
export async function writeGeneratedPages(): Promise<void> {
  for (const [name, text] of await generatedPages()) await writeFile(resolve(root, name), text);
}

if (import.meta.main) await writeGeneratedPages();
