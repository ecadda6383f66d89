import { chmod, cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportRun } from '../../../src/app/report.ts';
import { runComparisonSchema } from '../../../src/core/model/run/run-comparison.ts';
import { verifyRun } from '../../../src/features/proof/app/verify/verify.ts';
import { testContext } from '../../support/app-context.ts';

const runId = '20261125-205804-e1d4';
const earlierId = '20261124-205804-e1d3';
const stored = join(import.meta.dirname, '../../contracts/stored-run');

/** Pictures are drawn elsewhere. */
const app = testContext({
  pictures: {
    chart: async () => ({ svg: '<svg/>', png: Buffer.from('') }),
    svg: async () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
    pageScript: async () => ({ code: '', sha256: 'x' }),
  },
});

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-before-'));
  await cp(stored, join(place, 'results'), { recursive: true });
  await cp(join(stored, runId), join(place, 'results', earlierId), { recursive: true });
  await change('"runId": *"[^"]*"', `"runId":"${earlierId}"`);
});
afterEach(() => rm(place, { recursive: true, force: true }));

const file = (id: string, name: string) => join(place, 'results', id, name);
const changes = () => readFile(file(runId, 'changes.json'), 'utf8').catch(() => null);
const report = () => reportRun(app, runId, { in: place });
const page = () => readFile(file(runId, 'report.md'), 'utf8');
const verify = async () => (await verifyRun(app, runId, { in: place })).verification;

/** Changes the record of the earlier run. */
async function change(what: string, into: string): Promise<void> {
  const text = await readFile(file(earlierId, 'run.json'), 'utf8');
  expect(text).toMatch(new RegExp(what));
  await writeFile(file(earlierId, 'run.json'), text.replace(new RegExp(what), into));
}

test('a report is compared with the run before, in a column, a section and a file', async () => {
  await report();
  const found = runComparisonSchema.parse(JSON.parse((await changes()) ?? ''));
  expect(found).toMatchObject({ before: earlierId, after: runId, accepted: [] });
  expect(found.changes.length).toBeGreaterThan(0);
  const text = await page();
  expect(text).toMatch(/\| verdict \| Δ previous run \| n \|$/m);
  expect(text).toMatch(/^\| {2}\| `crun` \| .* \| inconclusive \| 1\.00×/m);
  expect(text).toContain('## Since the previous run');
  expect(text).toContain('no significant change since the previous run');
});

test('what it says is verified, also where the run before is gone', async () => {
  await report();
  expect((await verify()).follows).toBe(true);
  const published = (await changes()) ?? '';
  await writeFile(file(runId, 'changes.json'), published.replace('"ratio": 1,', '"ratio": 2,'));
  expect((await verify()).files.filter(({ status }) => status === 'differs')).toEqual([
    expect.objectContaining({ path: `results/${runId}/changes.json` }),
  ]);
  await writeFile(file(runId, 'changes.json'), published);
  await rm(join(place, 'results', earlierId), { recursive: true });
  expect((await verify()).follows).toBe(true);
});

test('once the run before is gone, a new report says nothing of it', async () => {
  await report();
  await rm(join(place, 'results', earlierId), { recursive: true });
  await report();
  expect(await changes()).toBeNull();
  expect(await page()).not.toContain('Δ');
  expect((await verify()).follows).toBe(true);
});

test('another number of foreign containers is a note, and keeps no run from being compared', async () => {
  await change('"otherContainers": *0', '"otherContainers":3');
  const own = await readFile(file(runId, 'run.json'), 'utf8');
  await writeFile(file(runId, 'run.json'), own.replace(/"otherContainers": *0/, '"otherContainers":5'));
  await report();
  const found = runComparisonSchema.parse(JSON.parse((await changes()) ?? ''));
  expect(found.accepted).toEqual([{ key: 'engine.otherContainers', was: '3', is: '5' }]);
  expect(found).not.toHaveProperty('leftOut');
  expect(await page()).toContain('accepted difference: engine.otherContainers was 3 and is 5');
});

test.each([
  [
    'was measured under another kernel',
    () => change('"kernel": *"[^"]*"', '"kernel":"6.1"'),
    /these differences change figures \(host\.kernel was 6\.1 and is \S+\)\./,
  ],
  ['was cut off', () => change('"status": *"complete"', '"status":"interrupted"'), /that run was cut off\./],
  [
    'measured something else',
    async () => {
      const trials = await readFile(file(earlierId, 'trials.jsonl'), 'utf8');
      await writeFile(file(earlierId, 'trials.jsonl'), `${trials.split('\n')[0]}\n`);
    },
    /they have no test in common\./,
  ],
] as const)(
  'a run before that %s is named, with the reason why it is not compared',
  async (_, spoil, why) => {
    await spoil();
    await report();
    const text = await page();
    expect(text).toContain('## Since the previous run');
    expect(text).toContain(`This run is not compared with the previous one, ${earlierId}: `);
    expect(text).toMatch(why);
    expect(text).toContain('not compared with the previous run');
    expect(text).not.toContain('Δ');
    expect((await verify()).follows).toBe(true);
    // The reason is published with the report, and follows from it once that run is gone.
    await rm(join(place, 'results', earlierId), { recursive: true });
    expect((await verify()).follows).toBe(true);
  },
);

test('what differs can be accepted with the command that the report prints, unless ratios are to another baseline', async () => {
  await change('"kernel": *"[^"]*"', '"kernel":"6.1"');
  await report();
  expect(await page()).toContain(`compare ${earlierId} ${runId} --accept host.kernel`);
  await change('"baseline": *"runc"', '"baseline":"crun"');
  await report();
  expect(await page()).toContain('config.baseline was crun and is runc');
  expect(await page()).not.toContain('--accept');
});

test.each([
  ['is not a record', () => writeFile(file(earlierId, 'run.json'), '{')],
  ['lost its trials', () => rm(file(earlierId, 'trials.jsonl'))],
  ['could have been changed by another user', () => chmod(file(earlierId, 'trials.jsonl'), 0o666)],
  [
    'has another name than its directory',
    () => rename(join(place, 'results', earlierId), join(place, 'results', '20261124-205804-ffff')),
  ],
] as const)('a run is no run before where it %s', async (_, spoil) => {
  await spoil();
  await report();
  expect(await changes()).toBeNull();
  expect(await page()).not.toContain('Since the previous run');
});
