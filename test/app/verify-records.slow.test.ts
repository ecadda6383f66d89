import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportRun } from '../../src/app/report.ts';
import { configHash } from '../../src/core/config/resolve.ts';
import { readHostFacts } from '../../src/core/host/facts.ts';
import { hostIdentity, pseudonymOf } from '../../src/core/host/host-identity.ts';
import { type RunRecord, runRecordSchema } from '../../src/core/model/run.ts';
import type { TrialRecord } from '../../src/core/model/trial.ts';
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
  const { state, implausible, missing, follows, manifest } = await verify();
  expect([follows, manifest.state]).toEqual([true, 'whole']);
  return {
    state,
    why: [
      ...implausible.map(({ at, message }) => `${at}: ${message.text}`),
      ...missing.map(({ text }) => text),
    ],
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
    expect(found.implausible).toEqual([]);
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

  test('or is of another version, which cannot be told apart then: both are said', async () => {
    await changeRun((run) => {
      run.harnessVersion = '0.0.9';
    });
    await report();
    await replaceIn('summary.csv', ',,baseline,', ',,faster,');
    await writeManifest(join(place, 'results', runId));
    expect((await verify()).state).toBe('other-version');
  });

  test('by taking a file away, is incomplete', async () => {
    await report();
    await rm(file('facts.csv'));
    const { state, reasons } = await verify();
    expect(state).toBe('incomplete');
    expect(reasons.map(({ id }) => id)).toEqual(['verified.gone', 'verified.notMade']);
  });
});

describe('records that were changed, with figures and manifest made anew, contradict themselves', () => {
  const at = <T>(list: readonly T[], n: number): T => {
    const found = list.at(n);
    if (found === undefined) throw new Error('no such record');
    return found;
  };

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
      'two instants are exchanged',
      'not-plausible',
      /create-begin is after create-end/,
      () =>
        changeTrials((all) => {
          const trial = at(all, 7);
          const [a, b] = [at(trial.marks, 0), at(trial.marks, 1)];
          trial.marks = [{ ...a, atNs: b.atNs }, { ...b, atNs: a.atNs }, ...trial.marks.slice(2)];
        }),
    ],
    [
      'a container lived longer than its trial',
      'not-plausible',
      /marks takes longer than its trial/,
      () =>
        changeTrials((all) => {
          const trial = at(all, 7);
          trial.marks = trial.marks.map((mark) =>
            mark.name === 'remove-end' ? { ...mark, atNs: mark.atNs * 3 } : mark,
          );
        }),
    ],
    [
      'a trial is of another year',
      'not-plausible',
      /it begins before the run/,
      () => changeTrials((all) => Object.assign(at(all, 7), { startedAt: '2025-01-01T00:00:00.000Z' })),
    ],
    [
      'a trial is after the end',
      'not-plausible',
      /it ends after the run/,
      () => changeTrials((all) => Object.assign(at(all, -1), { startedAt: '2027-01-01T00:00:00.000Z' })),
    ],
    [
      'a time is none',
      'not-plausible',
      /yesterday is not a time/,
      () => changeTrials((all) => Object.assign(at(all, 3), { startedAt: 'yesterday' })),
    ],
    [
      'a trial took longer than there was time until the next',
      'not-plausible',
      /begins .* s before the previous trial can have ended/,
      () =>
        changeTrials((all) => {
          const trial = at(all, 7);
          trial.iterationNs = 60e9;
          if (trial.noise) trial.noise = { ...trial.noise, wallNs: 61e9 };
        }),
    ],
    [
      'a trial was multiplied',
      'not-plausible',
      /its times are those of b\d{3}p\d{3}, to the nanosecond/,
      () =>
        changeTrials((all) => {
          const from = all.find(({ trialId }) => trialId === 'b001p000');
          const to = all.find(
            ({ trialId, cell }) => trialId !== 'b001p000' && cell.workload === from?.cell.workload,
          );
          if (from && to) Object.assign(to, { marks: from.marks, iterationNs: from.iterationNs });
        }),
    ],
    [
      'more CPU time than there was',
      'not-plausible',
      /of CPU time in .* on \d+ CPUs/,
      () =>
        changeTrials((all) => {
          const figures = at(all, 7).cgroup?.figures;
          if (figures) figures['cpu.usage'] = { value: 9e12, source: 'cpu.stat' };
        }),
    ],
    [
      'more memory than the host has',
      'not-plausible',
      /cgroup.memory.peak is .*, more than the host has/,
      () =>
        changeTrials((all) => {
          const figures = at(all, 7).cgroup?.figures;
          if (figures) figures['memory.peak'] = { value: 1e15, source: 'memory.peak' };
        }),
    ],
    [
      'less than nothing',
      'not-plausible',
      /cgroup.memory.peak is negative/,
      () =>
        changeTrials((all) => {
          const figures = at(all, 7).cgroup?.figures;
          if (figures) figures['memory.peak'] = { value: -1, source: 'memory.peak' };
        }),
    ],
    [
      'a trial that nobody scheduled',
      'not-plausible',
      /b009p000: schedule.jsonl does not contain it/,
      () => changeTrials((all) => [...all, { ...at(all, -1), trialId: 'b009p000' }]),
    ],
    [
      'a trial is there twice',
      'not-plausible',
      /it is recorded twice/,
      () => changeTrials((all) => [...all, at(all, -1)]),
    ],
    [
      'runtimes are exchanged',
      'not-plausible',
      /schedule.jsonl has another cell for it/,
      () =>
        changeTrials((all) =>
          Object.assign(at(all, 7), {
            cell: {
              ...at(all, 7).cell,
              runtime: at(all, 7).cell.runtime === 'crun' ? 'runc' : 'crun',
            },
          }),
        ),
    ],
    [
      'the order is another one',
      'not-plausible',
      /block 2: its order does not follow from seed/,
      () =>
        changeLines<{ trials: unknown[] }>(
          'schedule.jsonl',
          (blocks) => at(blocks, 2).trials.reverse() && blocks,
        ),
    ],
    [
      'the seed is another one',
      'not-plausible',
      /block 0: its order does not follow from seed 12345/,
      () =>
        changeRun((run) => {
          run.seed = 12_345;
          run.config = { ...run.config, seed: 12_345 };
          run.configHash = configHash(runRecordSchema.parse(run).config);
        }),
    ],
    [
      'the settings are other ones',
      'not-plausible',
      /configHash: the settings do not match/,
      () => changeRun((run) => Object.assign(run, { config: { ...run.config, maxBlocks: 300 } })),
    ],
    [
      'readings are gone',
      'not-plausible',
      /it has \d+ readings, but says \d+/,
      () =>
        changeTrials((all) => {
          const costs = { costNs: 1, maxCostNs: 1, skipped: 0, failed: 0, failure: null };
          at(all, 7).sampling = { periodMs: 100, readings: 99, ...costs, processScans: 0, processScanNs: 0 };
        }),
    ],
    [
      'a reading is after the end',
      'not-plausible',
      /one of its readings comes after its end/,
      () =>
        changeLines<{ atNs: number }>('readings.jsonl', (all) => Object.assign(at(all, -1), { atNs: 9e12 })),
    ],
    [
      'a counter goes back',
      'not-plausible',
      /cpu.usage decreases in its readings|is more in its readings than in its total/,
      () =>
        changeLines<{ figures: Record<string, number> }>('readings.jsonl', (all) => {
          for (const each of all.slice(0, -1))
            if ('cpu.usage' in each.figures) each.figures['cpu.usage'] = 9e11;
        }),
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

  test('except where the lie is within what can be: that is not found, and docs/verify.md says so', async () => {
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
