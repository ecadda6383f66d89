import { expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { derive } from '../../../src/core/analyze/values/derive.ts';
import { figuresVersion } from '../../../src/core/model/run/figures-version.ts';
import { cellKey } from '../../../src/core/model/trial/cell.ts';
import { checkedTexts } from '../messages/checked-texts.ts';
import { goldenRun } from './golden-run.ts';

/** Twelve digits: logarithms may differ in the last bits between processors. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value;
}

const { run, trials, workloads } = goldenRun();

test('raw records become these measurements', async () => {
  const lines = derive({ run, trials, workloads }).map((m) =>
    JSON.stringify(
      [
        m.trialId,
        m.block,
        m.position,
        m.phase,
        cellKey(m.cell),
        m.category,
        m.metric,
        m.unit,
        m.better,
        m.value,
        m.outcome,
      ],
      rounded,
    ),
  );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../golden/analyze/measurements.jsonl');
});

test('and the measurements this analysis', async () => {
  const { figures, ...analysis } = analyze({
    run,
    measurements: derive({ run, trials, workloads }),
    workloads,
    trials,
  });
  // It is a digest of this file, too.
  expect(figures).toBe(figuresVersion);
  await expect(`${JSON.stringify(checkedTexts(analysis), rounded, 2)}\n`).toMatchFileSnapshot(
    '../../golden/analyze/analysis.json',
  );
});
