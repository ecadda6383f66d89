import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import {
  kernelShare,
  outsideShare,
  type SampledWork,
  sampledTrials,
} from '../../../../src/features/capacity/predict/applications.ts';
import type { MeasuredCell } from '../../../../src/features/capacity/predict/measured.ts';

const cell = { runtime: 'runc', workload: 'app/tar', params: 'op=gzip' } as const;

function measured(values: Readonly<Record<string, readonly number[]>>): readonly MeasuredCell[] {
  const byBlock = Object.entries(values).map(
    ([metric, all]) => [metric, new Map(all.map((value, at) => [at + 1, value]))] as const,
  );
  return [{ ...cell, values: new Map(byBlock) }];
}

/** Ticks of so much CPU time, as a kernel that samples finds them in the kernel. */
function found(random: () => number, cpuNs: number, share: number): number {
  const ticks = Math.round(cpuNs / 4e6);
  const inKernel = Array.from({ length: ticks }, () => random()).filter((value) => value < share).length;
  return ticks === 0 ? 0 : inKernel / ticks;
}

/** Six native trials and a recording of one that take `windowNs` for the work, and `outsideNs` beside it. */
function sampled(
  name: string,
  { share, windowNs, outsideNs }: { share: number; windowNs: number; outsideNs: number },
): SampledWork {
  const random = seededRandom(name);
  const kernel =
    6 * (windowNs * found(random, 6 * windowNs, share) + outsideNs * found(random, 6 * outsideNs, 0.7));
  return {
    trials: { cpuNs: 6 * (windowNs + outsideNs), kernelNs: kernel, windowNs: 6 * windowNs },
    recording: { cpuNs: windowNs, share: found(random, windowNs, share) },
  };
}

test('trials are added up where a block has all counters', () => {
  const cells = measured({
    'cpu.system': [3e8, 5e8],
    'cpu.usage': [1e9, 1e9, 1e9],
    'work.cpu': [8e5, 9e5, 9e5],
    'work.units': [1000, 1000, 1000],
  });
  expect(sampledTrials(cells, cell)).toEqual({ cpuNs: 2e9, kernelNs: 8e8, windowNs: 1.7e9 });
  expect(sampledTrials(cells, { ...cell, runtime: 'runsc' })).toBeNull();
  expect(sampledTrials(measured({ 'cpu.usage': [1e9] }), cell)).toBeNull();
});

test('the share of what is outside of the work is learnt from all applications', () => {
  const exact = [0.1, 0.4, 0.8].map((share, at): SampledWork => {
    const outside = 0.1 * (at + 1);
    return {
      trials: {
        cpuNs: 1e9,
        kernelNs: 1e9 * (share * (1 - outside) + 0.7 * outside),
        windowNs: 1e9 * (1 - outside),
      },
      recording: { cpuNs: 1e9, share },
    };
  });
  expect(outsideShare(exact).share).toBeCloseTo(0.7);
  // An application whose trials are all work says nothing of it.
  const bare = { trials: { cpuNs: 1e9, kernelNs: 1e9, windowNs: 1e9 }, recording: { cpuNs: 1e9, share: 0 } };
  expect(outsideShare([...exact, bare])).toEqual(outsideShare(exact));
  expect(Number.isFinite(outsideShare([]).share)).toBe(true);
});

test('trials and recording together are nearer to the truth than the recording alone', () => {
  const shares = [0.02, 0.1, 0.3, 0.5, 0.7, 0.9];
  const works = Array.from({ length: 60 }, (_, at) => {
    const share = shares[at % shares.length] ?? 0;
    return { share, work: sampled(`work ${at}`, { share, windowNs: 4e8, outsideNs: 4e7 }) };
  });
  const outside = outsideShare(works.map(({ work }) => work));
  const squares = (of: (work: SampledWork) => number) =>
    works.reduce((sum, { share, work }) => sum + (of(work) - share) ** 2, 0);
  expect(squares((work) => kernelShare(work, outside))).toBeLessThan(
    squares(({ recording }) => recording.share) / 2,
  );
});

test('a trial that is mostly something else counts for little', () => {
  const work: SampledWork = {
    trials: { cpuNs: 6e9, kernelNs: 3e9, windowNs: 6e8 },
    recording: { cpuNs: 5e9, share: 0.1 },
  };
  expect(kernelShare(work, { share: 0.5, spread: 0.2 })).toBeCloseTo(0.1, 2);
});
