import { expect, test } from 'vitest';
import { samplerCost } from '../../../src/core/analyze/values/facts.ts';
import { type Sampling, samplerCostSchema } from '../../../src/core/model/run/sampling.ts';

const sampling: Sampling = {
  periodMs: 20,
  readings: 3,
  costNs: 300,
  maxCostNs: 150,
  skipped: 1,
  failed: 0,
  failure: null,
  processScans: 1,
  processScanNs: 1000,
};

test('means are over readings, not over trials; trials without a series do not count', () => {
  const trials = [
    { sampling },
    { sampling: null },
    {
      sampling: {
        ...sampling,
        readings: 1,
        costNs: 500,
        maxCostNs: 500,
        failed: 2,
        processScans: 0,
        processScanNs: 0,
      },
    },
  ];
  const cost = samplerCost(trials, 20);
  expect(cost).toEqual({
    readings: 4,
    meanCostNs: 200,
    maxCostNs: 500,
    periodMs: 20,
    skipped: 2,
    failed: 2,
    processScans: 1,
    meanProcessScanNs: 1000,
  });
  expect(samplerCostSchema.parse(cost)).toEqual(cost);
});

test('nothing read is no cost, and no scan has no mean', () => {
  expect(samplerCost([{ sampling: null }], 100)).toBeNull();
  expect(samplerCost([{ sampling: { ...sampling, readings: 0, costNs: 0 } }], 100)).toBeNull();
  expect(samplerCost([{ sampling: { ...sampling, processScans: 0, processScanNs: 0 } }], 20)).toMatchObject({
    meanProcessScanNs: null,
  });
});
