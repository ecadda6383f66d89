import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportRun } from '../../src/app/report.ts';
import { readHostFacts } from '../../src/core/host/facts.ts';
import { hostIdentity, pseudonymOf } from '../../src/core/host/host-identity.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { removeManifest, writeManifest } from '../../src/core/store/manifest.ts';
import { verifyRun } from '../../src/features/proof/app/verify/verify.ts';
import { verificationTable } from '../../src/features/proof/verify/table.ts';
import { testContext } from '../support/app-context.ts';

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, '../contracts/stored-run');
const app = testContext({
  environment: { ...testContext().environment, version: '0.1.0' },
  pictures: {
    chart: async (spec) => ({ svg: JSON.stringify(spec), png: Buffer.from(JSON.stringify(spec)) }),
    svg: async () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
    pageScript: async () => ({ code: '', sha256: 'x' }),
  },
});

let place: string;
const file = (name: string) => join(place, 'results', runId, name);
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-records-'));
  await cp(stored, join(place, 'results'), { recursive: true });
});
afterEach(() => rm(place, { recursive: true, force: true }));

const report = () => reportRun(app, runId, { in: place });
const verify = async () => (await verifyRun(app, runId, { in: place })).verification;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

async function changeRun(change: (run: Mutable<RunRecord>) => unknown): Promise<void> {
  const run = JSON.parse(await readFile(file('run.json'), 'utf8'));
  change(run);
  await writeFile(file('run.json'), `${JSON.stringify(run, null, 2)}\n`);
}
async function changeLines<T>(name: string, change: (lines: T[]) => unknown): Promise<void> {
  const lines = (await readFile(file(name), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
  const result = change(lines);
  const changed = Array.isArray(result) ? result : lines;
  await writeFile(file(name), changed.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
const changeTrials = (change: (trials: Mutable<TrialRecord>[]) => unknown) =>
  changeLines<Mutable<TrialRecord>>('trials.jsonl', change);

/** What is found after the records were changed and all else was made anew, the manifest too: the work of a careful forger. */
async function forged(): Promise<{ state: string; why: readonly string[] }> {
  await report();
  const { state, missing, follows, manifest } = await verify();
  expect([follows, manifest.state]).toEqual([true, 'whole']);
  return {
    state,
    why: missing.map(({ text }) => text),
  };
}

describe('a run that was measured', () => {
  test.each([
    ['here', () => hostIdentity(), 'measured-here'],
    ['here, and published', () => pseudonymOf(hostIdentity()), 'measured-here'],
    ['elsewhere', () => '0123456789abcdef', 'measured-elsewhere'],
  ])('%s', async (_, id, state) => {
    // The stored run is of another processor than most machines have.
    const { cpuModel, memoryBytes } = await readHostFacts();
    await changeRun((run) => {
      run.host = { ...run.host, cpuModel, memoryBytes, id: id() };
    });
    await report();
    const found = await verify();
    expect(found).toMatchObject({ state, reasons: [], manifest: { state: 'whole', files: [] }, missing: [] });
    expect(verificationTable(found, 'en')).toContain(`Conclusion: ${state.replace('-', ' ')}`);
  });

  test('on a host that its record has no id of, which is told', async () => {
    await report();
    const { host, state } = await verify();
    expect(host).toMatchObject({ id: null, by: 'facts' });
    expect(state).toBe(host.isHere ? 'measured-here' : 'measured-elsewhere');
  });

  test('before there were manifests', async () => {
    await report();
    await removeManifest(join(place, 'results', runId));
    const found = await verify();
    expect(found).toMatchObject({ manifest: { state: 'missing', files: [] }, reasons: [] });
    expect(verificationTable(found, 'en')).toContain('MANIFEST.sha256 is missing');
  });
});

describe('a run that was edited', () => {
  const edits: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['summary.csv', async () => replaceIn('summary.csv', ',,baseline,', ',,faster,')],
    ['trials.jsonl', async () => changeTrials((all) => Object.assign(all[0] ?? {}, { iterationNs: 7e9 }))],
    ['analysis.json', async () => replaceIn('analysis.json', '"blocks": 3', '"blocks": 30')],
  ];
  async function replaceIn(name: string, from: string, to: string): Promise<void> {
    const text = await readFile(file(name), 'utf8');
    expect(text).toContain(from);
    await writeFile(file(name), text.replace(from, to));
  }

  test.each(edits)('in %s is named by the manifest', async (name, edit) => {
    await report();
    await edit();
    const { state, reasons, manifest } = await verify();
    expect([state, manifest.state]).toEqual(['edited', 'changed']);
    expect(manifest.files).toEqual([{ name, status: 'changed' }]);
    expect(reasons[0]?.text).toBe(`${name} does not match the manifest`);
  });

  test('in its figures, and hashed anew, no longer follows', async () => {
    await report();
    await replaceIn('summary.csv', ',,baseline,', ',,faster,');
    await writeManifest(join(place, 'results', runId));
    const { state, manifest, reasons } = await verify();
    expect([state, manifest.state]).toEqual(['edited', 'whole']);
    expect(reasons.map(({ id }) => id)).toEqual(['verified.differs']);
  });

  test('in its records, and hashed anew, no longer leads to its figures', async () => {
    await report();
    await changeTrials((trials) => trials.slice(0, -1));
    await writeManifest(join(place, 'results', runId));
    expect((await verify()).state).toBe('edited');
  });

  test('or is of another version: its figures are not checked, and the state is that of the records', async () => {
    await changeRun((run) => {
      run.harnessVersion = '0.0.9';
    });
    await report();
    await replaceIn('summary.csv', ',,baseline,', ',,faster,');
    await writeManifest(join(place, 'results', runId));
    const { state, otherFigures } = await verify();
    expect(state).toMatch(/^measured-/);
    expect(otherFigures?.writer.ocibench).toBe('0.0.9');
    expect(otherFigures?.verdicts).toBeGreaterThan(0);
    expect(otherFigures?.differ).toEqual([]);
  });

  test('by taking a file away, is incomplete', async () => {
    await report();
    await rm(file('facts.csv'));
    const { state, reasons } = await verify();
    expect(state).toBe('incomplete');
    expect(reasons.map(({ id }) => id)).toEqual(['verified.gone', 'verified.notMade']);
  });
});

describe('records that were changed, with figures and manifest made anew', () => {
  test.each<[string, string, RegExp, () => Promise<unknown>]>([
    [
      'the last trial is gone',
      'incomplete',
      /a scheduled trial has no record: b003p/,
      () => changeTrials((all) => all.slice(0, -1)),
    ],
    [
      'a trial in the midst is gone',
      'incomplete',
      /no record: b001p002/,
      () => changeTrials((all) => all.filter(({ trialId }) => trialId !== 'b001p002')),
    ],
    [
      'the run says that it was interrupted',
      'incomplete',
      /the run is interrupted/,
      () => changeRun((run) => Object.assign(run, { status: 'interrupted' })),
    ],
    [
      'there is no schedule',
      'incomplete',
      /schedule.jsonl contains no block/,
      () => rm(file('schedule.jsonl')),
    ],
  ])('%s', async (_, state, why, change) => {
    await change();
    const found = await forged();
    expect(found.why.join('\n')).toMatch(why);
    expect(found.state).toBe(state);
  });

  test('to what can be are not found, and docs/verify.md says so', async () => {
    await changeTrials((all) => {
      for (const trial of all)
        if (trial.cell.runtime === 'crun' && trial.iterationNs !== null) {
          trial.iterationNs = Math.round(trial.iterationNs * 0.9);
          trial.marks = trial.marks.map((mark) => ({ ...mark, atNs: Math.round(mark.atNs * 0.9) }));
        }
    });
    const { state, why } = await forged();
    expect(why).toEqual([]);
    expect(state).toMatch(/^measured/);
    expect(await readFile(join(import.meta.dirname, '../../docs/verify.md'), 'utf8')).toContain(
      'A manifest is not a signature',
    );
  });
});
