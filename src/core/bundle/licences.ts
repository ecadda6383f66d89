import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A licence text, and the packages that have exactly this text. */
export interface Licence {
  readonly packages: readonly string[];
  readonly text: string;
}

/** Names of licence files: LICENSE, LICENCE.md, LICENSE-MIT, COPYING. */
const licenceFile = /^(licen[cs]e|copying)([.-].*)?$/i;

/**
 * The licence of a package in its directory: its licence file, or else the licence in its manifest. Throws where there
 * is neither: a licence must not be guessed.
 */
async function licenceOf(directory: string): Promise<string> {
  const file = (await readdir(directory)).find((each) => licenceFile.test(each));
  if (file !== undefined)
    return (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n').trim();
  const { license, author } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${directory}: the package has no licence`);
  const by = typeof author === 'string' ? author : author?.name;
  return `Licensed under ${license} by ${by ?? 'its authors'}, as its package.json says; it has no file with its licence.`;
}

/** The licences of packages; each distinct text occurs once. */
export async function licencesOf(
  packages: readonly { readonly name: string; readonly directory: string }[],
): Promise<readonly Licence[]> {
  const byText = new Map<string, string[]>();
  for (const { name, directory } of packages) {
    const text = await licenceOf(directory);
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [...byText].map(([text, names]) => ({ text, packages: names }));
}

/** The licences as text, each below the names of its packages. */
export function licenceText(licences: readonly Licence[]): string {
  return licences.map(({ packages, text }) => `${packages.join(', ')}:\n\n${text}`).join('\n\n----\n\n');
}
