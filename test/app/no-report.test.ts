import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conclude, outputPlace } from '../../src/app/measure/conclude.ts';
import { diskStore, vegaPictures } from '../../src/app/store.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { loadRun } from '../../src/core/store/run-directory.ts';

const runId = '20261125-205804-e1d4';
const edges = { store: diskStore, pictures: vegaPictures };
const stored = join(import.meta.dirname, '../contracts/stored-run');

test('without a report there are the same numbers, and no older report or chart beside them', async () => {
  const out = await mkdtemp(join(tmpdir(), 'no-report-'));
  try {
    await cp(stored, join(out, 'results'), { recursive: true });
    const place = outputPlace(out, runId);
    const { run, trials } = await loadRun(place.results);
    const workloads = await loadWorkloads();
    const input = { run, trials, workloads, lang: 'en' as const, place };
    const files = async (directory: string) => (await readdir(directory)).toSorted();
    const records = await files(place.results);
    const numbers = [
      'analysis.json',
      'categories.csv',
      'effects.csv',
      'facts.csv',
      'measurements.csv',
      'summary.csv',
    ];
    const contents = () => Promise.all(numbers.map((name) => readFile(join(place.results, name), 'utf8')));

    await conclude(edges, input);
    const whole = await contents();
    expect(await files(place.results)).toEqual(expect.arrayContaining(['report.html', 'report.md']));
    expect(await files(place.charts)).not.toEqual([]);

    const { files: written } = await conclude(edges, { ...input, report: false });
    expect(written.toSorted()).toEqual(numbers.map((name) => join(place.results, name)));
    expect(await files(place.results)).toEqual([...records, ...numbers, 'MANIFEST.sha256'].toSorted());
    expect(await files(place.charts)).toEqual([]);
    expect(await contents()).toEqual(whole);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}, 60_000);
