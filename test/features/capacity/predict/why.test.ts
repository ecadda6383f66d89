import { expect, test } from 'vitest';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import type { TrialRecord } from '../../../../src/core/model/trial.ts';
import { whyOf } from '../../../../src/features/capacity/predict/why.ts';
import type { Recording, WorkRecording } from '../../../../src/features/capacity/recording/recording.ts';
import { knownRun } from './known-run.ts';

const workloads = await loadWorkloads();
const { run, trials, recordings } = knownRun();
const own = (of: readonly Recording[]) =>
  of.flatMap((recording): readonly WorkRecording[] =>
    recording.work === undefined
      ? []
      : [{ recording: { ...recording, work: recording.work }, source: 'run' }],
  );
const why = (of: readonly Recording[] = recordings, measured: readonly TrialRecord[] = trials) =>
  whyOf(run, measured, workloads, own(of));
const restOf = (workload: string, of = why()) => {
  const attribution = of?.explained.find((each) => each.workload === workload)?.attribution;
  const rest = attribution?.causes.find(({ cause }) => cause === 'rest');
  return (rest?.ns ?? Number.NaN) / (attribution?.subjectNs ?? Number.NaN);
};

test('native time and causes come to the runtime’s own, the rest last', () => {
  const found = why();
  expect(found).toMatchObject({ native: 'runc', isPriced: true, unrecorded: [], unusable: [] });
  expect(found?.explained.map(({ workload }) => workload).toSorted()).toEqual(
    recordings.map(({ work }) => work?.workload).toSorted(),
  );
  for (const { attribution, source } of found?.explained ?? []) {
    expect(source).toBe('run');
    const sum = attribution.causes.reduce((total, { ns }) => total + ns, attribution.nativeNs);
    expect(sum / attribution.subjectNs).toBeCloseTo(1, 9);
    expect(attribution.causes.at(-1)?.cause).toBe('rest');
  }
});

test('a model that never saw the application explains most of it', () => {
  for (const workload of ['app/gcc', 'app/python-start', 'app/sqlite'])
    expect(Math.abs(restOf(workload)), workload).toBeLessThan(0.25);
});

test('what only this application costs stays a rest: it is not learnt away', () => {
  const dearer = trials.map((trial) => {
    const { cell, window } = trial;
    return cell.workload === 'app/gcc' && cell.runtime === 'runsc' && window !== null
      ? { ...trial, window: { ...window, cpuNs: (window.cpuNs ?? 0) * 3 } }
      : trial;
  });
  expect(restOf('app/gcc', why(recordings, dearer))).toBeGreaterThan(0.5);
});

test('what is not recorded is named', () => {
  expect(why([])).toMatchObject({ explained: [] });
  expect(why([])?.unrecorded.map(({ workload }) => workload)).toContain('app/gcc');
  expect(why(recordings.slice(1))?.unrecorded).toEqual([{ workload: 'app/gcc', params: 'files=4' }]);
});

test('a recording that tells nothing is not taken for none', () => {
  const [first, ...others] = recordings;
  if (first === undefined) throw new Error('there are recordings');
  const { 'cpu.user': _, ...figures } = first.figures;
  const found = why([{ ...first, figures }, ...others]);
  expect(found).toMatchObject({ unrecorded: [], unusable: [{ workload: 'app/gcc', params: 'files=4' }] });
});

test('without costs all is rest, and that is said', () => {
  const apps = trials.filter(({ cell }) => cell.workload.startsWith('app/'));
  const found = why(recordings, apps);
  expect(found?.isPriced).toBe(false);
  for (const { attribution } of found?.explained ?? [])
    expect(attribution.causes.map(({ cause }) => cause)).toEqual(['rest']);
});

test('a run without applications that stamp their work has no such view', () => {
  expect(why(recordings, [])).toBeNull();
  expect(
    why(
      recordings,
      trials.map((trial) => ({ ...trial, window: null })),
    ),
  ).toBeNull();
});
