import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openArtefact } from '../../src/core/artefact/artefact.ts';
import { checkManifest } from '../../src/core/store/manifest.ts';
import { loadRun } from '../../src/core/store/run-directory.ts';
import { missingParts } from '../../src/features/proof/verify/completeness.ts';

const results = resolve(import.meta.dirname, '../../results');

test('the reference results are whole (write their manifest anew with: npm run docs), and say what others may do', async () => {
  const reference = join(results, 'reference');
  const { state, files } = await checkManifest(reference);
  expect(files.filter(({ status }) => status !== 'whole')).toEqual([]);
  expect(state).toBe('whole');
  expect(await readFile(join(reference, 'DATA-LICENSE'), 'utf8')).toContain('CC0-1.0');
});

describe('published runs', async () => {
  const published = join(results, 'published');
  const archives = (await readdir(published)).filter((name) => name.startsWith('ocibench-'));

  test.each(archives)('%s is whole, and names nobody', async (name) => {
    let runs = 0;
    for await (const each of openArtefact(join(published, name))) {
      if ('problem' in each) throw new Error(each.problem.text);
      expect(each.manifest.state).toBe('whole');
      const stored = await loadRun(each.directory);
      expect(name).toBe(`ocibench-${stored.run.runId}.tar.zst`);
      expect(missingParts(stored)).toEqual([]);
      expect(stored.run.host.hostname).toMatch(/^host/);
      expect(stored.run.config.labels).toEqual({});
      runs++;
    }
    expect(runs).toBe(1);
  });
});
