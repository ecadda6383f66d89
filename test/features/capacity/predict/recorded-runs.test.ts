import { expect, test } from 'vitest';
import { isOneOf, recordedRuns } from '../../../../bench/prove/prediction-data.ts';
import { isOfSameWork } from '../../../../src/features/capacity/predict/applications.ts';

test('the recorded runs of the proof can be read, and say what of them is not judged', async () => {
  const runs = await recordedRuns();
  expect(runs.map(({ run }) => run.runId)).toEqual([
    '20261126-140221-52de',
    '20261126-164101-dc1b',
    '20261127-070545-919f',
    '20261130-113817-a4e9',
  ]);
  const names = (all: (typeof runs)[number]['applications']) =>
    all.map(({ workload, params }) => `${workload} ${params}`.trim()).toSorted();
  const corrected = ['app/git op=status', 'app/node-http connections=64', 'app/node-http connections=8'];
  expect(
    runs.map(({ applications, withdrawn }) => names(applications.filter((each) => isOneOf(withdrawn, each)))),
  ).toEqual([corrected, corrected, [], []]);
  const other = runs.map(({ applications, withdrawn }) =>
    names(applications.filter((each) => !isOneOf(withdrawn, each) && !isOfSameWork(each))),
  );
  expect(other).toEqual([[], [], ['app/lua'], []]);
  expect(runs.map(({ applications }) => applications.length)).toEqual([33, 34, 34, 15]);
});
