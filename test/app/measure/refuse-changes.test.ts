import { expect, test } from 'vitest';
import { differenceProblems } from '../../../src/app/compare.ts';
import { refuseChanges } from '../../../src/app/measure/resume.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';
import type { EngineConditions } from '../../../src/core/model/machine/host.ts';
import { goldenRun } from '../../core/analyze/golden-run.ts';

const { run } = goldenRun();
const under = (conditions: EngineConditions) => ({ ...run, engine: { ...run.engine, conditions } });

test('a run goes on when containers of others came or went, and not when the daemon’s own conditions changed', () => {
  expect(() => refuseChanges(under({ otherContainers: 3 }), under({ otherContainers: 4 }))).not.toThrow();
  try {
    refuseChanges(
      under({ otherContainers: 3, seccomp: 'builtin' }),
      under({ otherContainers: 3, seccomp: 'unconfined' }),
    );
    throw new Error('not refused');
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    expect(error.exitCode).toBe(2);
    expect(error.problems).toMatchObject([
      { key: 'engine.seccomp', message: 'was builtin and is now unconfined' },
    ]);
  }
});

test('two runs beside another number of foreign containers are compared, under another filter they are not', () => {
  const before = under({ otherContainers: 0, seccomp: 'builtin' });
  expect(differenceProblems(before, under({ otherContainers: 3, seccomp: 'builtin' }), [])).toEqual([]);
  const other = differenceProblems(before, under({ otherContainers: 3, seccomp: 'unconfined' }), []);
  expect(other.map(({ key }) => key)).toEqual(['engine.seccomp']);
});
