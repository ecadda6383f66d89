import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportRun } from '../../../../../src/app/report.ts';
import { verifyRun } from '../../../../../src/features/proof/app/verify/verify.ts';
import { verificationTable } from '../../../../../src/features/proof/verify/table.ts';
import { testContext } from '../../../../support/app-context.ts';

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, '../../../../contracts/stored-run');

/** Pictures are drawn elsewhere; here they are what they show. */
const app = testContext({
  pictures: {
    chart: async (spec) => ({ svg: JSON.stringify(spec), png: Buffer.from(JSON.stringify(spec)) }),
    svg: async () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
    pageScript: async () => ({ code: '', sha256: 'x' }),
  },
});

let place: string;
let results: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-verify-'));
  await cp(stored, join(place, 'results'), { recursive: true });
  results = join(place, 'results', runId);
});
afterEach(() => rm(place, { recursive: true, force: true }));

const verify = async () => (await verifyRun(app, runId, { in: place })).verification;
const changed = async () => (await verify()).files.filter(({ status }) => status !== 'follows');
async function change(name: string, from: string, to: string) {
  const text = await readFile(join(results, name), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(results, name), text.replace(from, to));
}

test.each(['en', 'fr'] as const)('what `report --lang %s` wrote follows from the records', async (lang) => {
  await reportRun(app, runId, { in: place, lang });
  const found = await verify();
  expect(found.files.filter(({ status }) => status !== 'follows')).toEqual([]);
  expect(found).toMatchObject({ runId, trials: 24, torn: [], follows: true });
  expect(found.files.length).toBeGreaterThan(20);
});

test('a number that was changed is named, in CSV, JSON and text', async () => {
  await reportRun(app, runId, { in: place });
  await change('summary.csv', ',,baseline,', ',,faster,');
  await change('analysis.json', '"blocks": 3', '"blocks": 30');
  await change('report.md', '259 ms', '25 ms');
  expect(await changed()).toEqual([
    expect.objectContaining({
      path: `results/${runId}/analysis.json`,
      difference: {
        at: expect.stringMatching(/^line \d+, character \d+$/),
        published: expect.stringContaining('"blocks": 30'),
        records: expect.stringMatching(/"blocks": 3(?!0)/),
      },
    }),
    expect.objectContaining({
      path: `results/${runId}/summary.csv`,
      difference: {
        at: expect.stringMatching(/^line 2, character \d+$/),
        published: expect.stringContaining(',,faster,'),
        records: expect.stringContaining(',,baseline,'),
      },
    }),
    expect.objectContaining({ path: `results/${runId}/report.md`, status: 'differs' }),
  ]);
  const found = await verify();
  expect(found.follows).toBe(false);
  const table = verificationTable(found, 'en').replaceAll(/\s+/g, ' ');
  expect(table).toMatch(/line 2, character \d+: published …?\S.*,,faster,/);
});

test('records that were changed no longer lead to the files', async () => {
  await reportRun(app, runId, { in: place });
  const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
  await writeFile(join(results, 'trials.jsonl'), `${lines.slice(0, -1).join('\n')}\n`);
  expect((await verify()).follows).toBe(false);
});

test('a report that was never made is no contradiction, missing numbers are', async () => {
  await reportRun(app, runId, { in: place });
  await rm(join(place, 'charts'), { recursive: true });
  await rm(join(results, 'report.md'));
  expect((await verify()).follows).toBe(true);
  await rm(join(results, 'summary.csv'));
  expect((await verify()).follows).toBe(false);
});

test('a chart that no record leads to is named', async () => {
  await reportRun(app, runId, { in: place });
  await writeFile(join(place, 'charts', runId, 'density.png'), 'a picture of another run');
  await writeFile(join(place, 'charts', runId, 'notes.txt'), 'mine');
  expect(await changed()).toEqual([
    { path: `charts/${runId}/density.png`, status: 'unfounded', difference: null },
  ]);
  const found = await verify();
  expect(found.follows).toBe(false);
  expect(verificationTable(found, 'en')).toContain(`follows from no record: charts/${runId}/density.png`);
});

test('nothing is written, and no link is followed', async () => {
  await reportRun(app, runId, { in: place });
  const before = await readdir(place, { recursive: true });
  await verify();
  expect(await readdir(place, { recursive: true })).toEqual(before);
  await rm(join(results, 'facts.csv'));
  await symlink('/etc/passwd', join(results, 'facts.csv'));
  await expect(verify()).rejects.toMatchObject({ exitCode: 2 });
});

test('a file that grew without end is read no further than it can matter', async () => {
  await reportRun(app, runId, { in: place });
  await writeFile(join(results, 'facts.csv'), 'x'.repeat(50_000_000));
  const [found] = await changed();
  expect(found?.difference?.published.length).toBeLessThan(200);
});
