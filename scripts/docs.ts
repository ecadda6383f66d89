/**
 * `npm run docs`: generates the pages of `generated-pages.ts`, the tables of the proof in method.md, NOTICE, Grafana's dashboard and
 * the manifest of the reference results; writes where to clone from.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writeManifest } from '../src/core/store/manifest.ts';
import { cloneAddress, cloningDocuments, withCloneAddress } from './clone-address.ts';
import { writeGeneratedPages } from './generated-pages.ts';
import { grafanaDashboard } from './grafana.ts';
import { notice } from './notice.ts';
import { withProofTables } from './proof-tables.ts';

const docs = (name: string) => resolve(import.meta.dirname, '../docs', name);
await writeGeneratedPages();
await writeFile(docs('../NOTICE'), await notice());
await writeFile(docs('method.md'), withProofTables(await readFile(docs('method.md'), 'utf8')));
await writeFile(docs('../examples/grafana/ocibench-nightly.json'), grafanaDashboard());
for (const name of cloningDocuments) {
  const path = resolve(import.meta.dirname, '..', name);
  await writeFile(path, withCloneAddress(await readFile(path, 'utf8'), cloneAddress()));
}
await writeManifest(docs('../results/reference'));
