import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Documents that say how to get ocibench. */
export const cloningDocuments = ['README.md', 'docs/ci.md', 'docs/lab/en.md', 'docs/lab/fr.md'];

/** What stands for the address as long as package.json has no `repository`. */
export const unknownAddress = 'REPOSITORY';

/** The address of the repository: `repository.url` of package.json, the one place where it is written. */
export function cloneAddress(): string {
  const text = readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8');
  const { repository } = JSON.parse(text) as { repository?: { readonly url: string } };
  return repository?.url.replace(/^git\+/, '') ?? unknownAddress;
}

/** A document with this address in every `git clone`. */
export function withCloneAddress(document: string, address: string): string {
  return document.replaceAll(/(git clone (?:--depth 1 )?)\S+( ocibench\b)/g, `$1${address}$2`);
}
