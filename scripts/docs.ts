/** `npm run docs`: generates docs/workloads.md, docs/reasons.md and docs/data.md, and writes where to clone from. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadRecipes, loadWorkloads } from '../src/config/workloads.ts';
import { workloadReference } from '../src/report/workload-reference.ts';
import { cloneAddress, cloningDocuments, withCloneAddress } from './clone-address.ts';
import { dataReference } from './data-reference.ts';
import { everyMessage } from './every-message.ts';
import { reasonReference } from './reason-reference.ts';

const docs = (name: string) => resolve(import.meta.dirname, '../docs', name);
await writeFile(docs('workloads.md'), workloadReference(await loadWorkloads(), await loadRecipes()));
await writeFile(docs('reasons.md'), reasonReference(await everyMessage()));
await writeFile(docs('data.md'), dataReference());
for (const name of cloningDocuments) {
  const path = resolve(import.meta.dirname, '..', name);
  await writeFile(path, withCloneAddress(await readFile(path, 'utf8'), cloneAddress()));
}
