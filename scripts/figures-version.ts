import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { analysisOf } from '../src/app/measure/conclude.ts';
import { workloadsOfServices } from '../src/app/measure/configuration.ts';
import { diskStore } from '../src/app/store.ts';
import { loadWorkloads } from '../src/core/config/workloads.ts';
import { method } from '../src/core/model/run/figures-version.ts';
import { renderNumbers } from '../src/report/report.ts';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'src/core/model/run/figures-version.ts');
const stored = join(root, 'test/contracts/stored-run/20261125-205804-e1d4');
const golden = join(root, 'test/golden/analyze/analysis.json');

/** Twelve digits: logarithms may differ in the last bits between processors. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value;
}

/**
 * A digest of all that figures follow from beside the records: the method, the JSON schema of the analysis, the columns of the tables,
 * and the analyses of a stored run and of a made one that has more kinds of rows.
 */
export async function figuresVersionNow(schema: string): Promise<string> {
  const { run, trials } = await diskStore.loadRun(stored);
  const workloads = await loadWorkloads(await workloadsOfServices([]));
  const { effective, measurements, analysis } = analysisOf(run, trials, workloads);
  // It names itself.
  const { figures: _, ...unnamed } = analysis;
  const input = {
    run,
    measurements,
    analysis: { ...unnamed, figures: '' },
    trials: effective,
    lang: run.config.lang,
  };
  const tables = renderNumbers({ ...input, changes: null }).filter(({ path }) => path.endsWith('.csv'));
  const parts = [
    String(method),
    JSON.stringify(JSON.parse(schema, (key, value) => (key === 'description' ? '' : value))),
    ...tables.map(({ path, content }) => `${path} ${content.split('\n', 1)}`),
    JSON.stringify(unnamed, rounded),
    await readFile(golden, 'utf8'),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

/** Writes the constant anew; its comment stays. */
export async function writeFiguresVersion(schema: string): Promise<void> {
  const source = await readFile(file, 'utf8');
  const now = await figuresVersionNow(schema);
  await writeFile(
    file,
    source.replace(/(?<=figuresVersion = ')[^']*/, () => now),
  );
}
