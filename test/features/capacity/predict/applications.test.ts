import { expect, test } from 'vitest';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import { applicationsOf, isOfSameWork } from '../../../../src/features/capacity/predict/applications.ts';
import { measuredCells } from '../../../../src/features/capacity/predict/measured.ts';
import { predictionOf, samplesUnder } from '../../../../src/features/capacity/predict/predict.ts';
import type { Recording } from '../../../../src/features/capacity/recording/recording.ts';
import { knownRun } from './known-run.ts';

/** The known run, with the CPU time of one recording multiplied. */
async function withRecorded(workload: string, times: number) {
  const { run, trials, recordings } = knownRun();
  const cells = measuredCells(run, trials, await loadWorkloads());
  const usage = (recording: Recording) => {
    const found = recording.figures['cpu.usage'];
    return found !== undefined && 'value' in found ? found.value : Number.NaN;
  };
  const changed = recordings.map((recording) =>
    recording.work?.workload === workload
      ? {
          ...recording,
          figures: { ...recording.figures, 'cpu.usage': { value: times * usage(recording), source: 'made' } },
        }
      : recording,
  );
  const works = changed.flatMap((recording) =>
    recording.work === undefined
      ? []
      : [{ recording: { ...recording, work: recording.work }, source: 'run' as const }],
  );
  return { run, cells, recordings, applications: applicationsOf(cells, works, 'runc', run.host.cpus) };
}

test.each([
  [1.4, true],
  [0.7, true],
  [1.6, false],
  [0.4, false],
])(
  'a unit that takes %d times as much in its recording as in the trials: the same work is %s',
  async (times, is) => {
    const { applications } = await withRecorded('app/tar', times);
    const tar = applications.find(({ workload }) => workload === 'app/tar');
    expect(tar === undefined ? null : isOfSameWork(tar)).toBe(is);
    const learnt = samplesUnder('runsc', applications).map(({ application }) => application);
    expect(learnt.includes('app/tar')).toBe(is);
    expect(learnt).toContain('app/gcc');
  },
);

test('a prediction names what it did not learn from', async () => {
  const { run, cells, recordings, applications } = await withRecorded('app/tar', 3);
  const [recording] = recordings;
  const demand = applications[0]?.demand;
  if (recording === undefined || demand === undefined) throw new Error('no recording');
  const { learnt, unlearnt } = predictionOf({
    run,
    native: 'runc',
    cells,
    applications,
    recording,
    name: 'a',
    demand,
    runtimes: ['runsc'],
    confidence: 0.9,
    utilisation: null,
    cpus: 2,
    emulated: new Map(),
    memory: new Map(),
  });
  expect(unlearnt).toMatchObject([{ workload: 'app/tar', params: 'op=gzip' }]);
  expect((unlearnt[0]?.recordedNs ?? 0) / (unlearnt[0]?.nativeNs ?? 1)).toBeCloseTo(3, 1);
  expect(learnt.map(({ workload }) => workload)).not.toContain('app/tar');
});
