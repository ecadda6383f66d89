import { expect, test } from 'vitest';
import type { ParsedValue } from '../../../../src/core/model/metric.ts';
import { ParseError } from '../../../../src/core/model/parser-output.ts';
import type { Workload } from '../../../../src/core/model/workload.ts';
import { busyCpus, measuredCells, valuesOf } from '../../../../src/features/capacity/predict/measured.ts';
import { cell, lineWorkload, output, runRecord, trialRecord } from '../../../support/records.ts';

const units: ParsedValue = { metric: 'work.units', unit: 'count', better: 'neither', value: 10 };
/** A workload that tells how much was done even where it failed. */
const telling: Workload = {
  ...lineWorkload('syscall/calls'),
  parse: ({ stdout }) => {
    if (stdout === 'failed') throw new ParseError('half of it failed', { values: [units], facts: [] });
    return [units];
  },
};

test('a trial that failed is in no cell, whatever it tells', () => {
  const window = {
    source: 'stamps' as const,
    containerNs: 1e9,
    hostNs: 1e9,
    uncertaintyNs: 0,
    cpuNs: 5e8,
    engineCpuNs: 0,
  } as const;
  const trials = ['done', 'failed'].map((stdout, at) =>
    trialRecord({ cell: cell('runsc'), block: at + 1, output: output(stdout), window }),
  );
  const cells = measuredCells(runRecord(), trials, [telling]);
  const blocksOf = (metric: string) => [...valuesOf(cells, cell('runsc'), metric).keys()];
  for (const metric of ['work.units', 'work.cpu', busyCpus]) expect(blocksOf(metric)).toEqual([1]);
});
