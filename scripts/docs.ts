/**
 * `npm run docs`: generates workloads.md, reasons.md, data.md and ocibench.1 of docs/, the tables of the proof in method.md, NOTICE, Grafana's dashboard and the manifest of
 * the reference results; writes where to clone from.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { manPage } from '../src/cli/man-page.ts';
import { loadCommands } from '../src/cli/program.ts';
import { loadRecipes, loadWorkloads } from '../src/core/config/workloads.ts';
import { writeManifest } from '../src/core/store/manifest.ts';
import { workloadReference } from '../src/report/workload-reference.ts';
import { cloneAddress, cloningDocuments, withCloneAddress } from './clone-address.ts';
import { dataReference } from './data-reference.ts';
import { everyMessage } from './every-message.ts';
import { grafanaDashboard } from './grafana.ts';
import { notice } from './notice.ts';
import { withProofTables } from './proof-tables.ts';
import { reasonReference } from './reason-reference.ts';

const docs = (name: string) => resolve(import.meta.dirname, '../docs', name);
await writeFile(docs('workloads.md'), workloadReference(await loadWorkloads(), await loadRecipes()));
await writeFile(docs('reasons.md'), reasonReference(await everyMessage()));
await writeFile(docs('../NOTICE'), await notice());
const { version } = JSON.parse(await readFile(docs('../package.json'), 'utf8')) as { version: string };
await writeFile(docs('ocibench.1'), manPage(await loadCommands(), version));
await writeFile(docs('data.md'), dataReference());
await writeFile(docs('method.md'), withProofTables(await readFile(docs('method.md'), 'utf8')));
await writeFile(docs('../examples/grafana/ocibench-nightly.json'), grafanaDashboard());
for (const name of cloningDocuments) {
  const path = resolve(import.meta.dirname, '..', name);
  await writeFile(path, withCloneAddress(await readFile(path, 'utf8'), cloneAddress()));
}
await writeManifest(docs('../results/reference'));
