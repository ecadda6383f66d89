/** `npm run docs`: generates docs/workloads.md. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadRecipes, loadWorkloads } from '../src/config/workloads.ts';
import { workloadReference } from '../src/report/workload-reference.ts';

const file = resolve(import.meta.dirname, '../docs/workloads.md');
await writeFile(file, workloadReference(await loadWorkloads(), await loadRecipes()));
