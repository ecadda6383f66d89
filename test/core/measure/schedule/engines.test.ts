import { expect, test } from 'vitest';
import { atEveryEngine, scheduledLayers } from '../../../../src/app/measure/layers.ts';
import { scheduleBlock } from '../../../../src/core/measure/schedule/block.ts';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import { openSubject } from '../../../../src/core/measure/schedule/subject-progress.ts';
import { subjectRecords } from '../../../../src/core/measure/schedule/subjects.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { cellKey, workKey } from '../../../../src/core/model/cell.ts';
import { givenUp } from '../../../../src/core/model/given-up.ts';
import { cell, lineWorkload, runtimeFacts, trialRecord } from '../../../support/records.ts';

const runtimes = [runtimeFacts('runc'), runtimeFacts('crun')];
const io = lineWorkload('io/a');
const records = (
  layers: Parameters<typeof scheduledLayers>[0],
  lacks?: Parameters<typeof atEveryEngine>[2],
) =>
  subjectRecords(
    [{ workload: io, params: {} }],
    runtimes,
    { local: true },
    {
      noNetwork: null,
      isRoot: true,
      layers: atEveryEngine(scheduledLayers(layers), ['old', 'new'], lacks),
    },
  );
const cells = measurableCells(records(['docker']), runtimes, 'runc', [io]);
const label = ({ runtime, engine }: { runtime: string; engine?: string | undefined }) =>
  `${runtime} ${engine}`;

test('a block holds the cells of all engines, mixed', () => {
  expect(cells.map(label)).toEqual([
    ...['runc old', 'runc#2 old', 'crun old'],
    ...['runc new', 'runc#2 new', 'crun new'],
  ]);
  const orders = [1, 2, 3, 4, 5, 6].map((block) =>
    scheduleBlock({ seed: 1, block, phase: 'measure', cells }).trials.map((trial) => trial.cell.engine),
  );
  for (const order of orders) expect(order.toSorted()).toEqual(['new', 'new', 'new', 'old', 'old', 'old']);
  const changes = orders.map(
    (order) => order.filter((engine, at) => at > 0 && engine !== order[at - 1]).length,
  );
  expect(Math.max(...changes)).toBeGreaterThan(1);
});

test('a layer without an engine is measured once, and what an engine lacks is its own', () => {
  const crossed = records(['docker', 'oci'], (engine, runtime) =>
    engine === 'new' && runtime === 'crun' ? external('it has none') : null,
  );
  expect(crossed.map(({ layer, engine, unsupported }) => [layer, engine, unsupported])).toEqual([
    ['docker', 'old', {}],
    ['docker', 'new', { crun: 'it has none' }],
    ['oci', undefined, {}],
  ]);
});

test('a runtime that is open in one engine is measured in all, in the same blocks', () => {
  const settled = { width: 1, shift: null, settled: 'precise' as const };
  const open = { width: 3, shift: null, settled: null };
  const known = (each: (typeof cells)[number]) => ({
    cell: each,
    standing: each.runtime !== 'crun' ? undefined : each.engine === 'old' ? settled : open,
    costMs: 100,
    givenUp: false,
  });
  expect(new Set(cells.map(workKey)).size).toBe(1);
  const state = { subject: 's', blocks: 7, maxBlocks: 99, alive: true };
  const limits = { baseline: 'runc', minBlocks: 7 };
  const first = openSubject({ ...state, cells: cells.map(known) }, limits);
  expect(first.open.map(({ cell: each }) => label(each))).toEqual([
    ...['runc old', 'crun old'],
    ...['runc new', 'crun new'],
  ]);
  const all = cells.map((each) => ({ ...known(each), standing: known(each).standing && settled }));
  expect(openSubject({ ...state, cells: all }, limits).settled).toBe('precise');
});

test('a runtime that hangs in one engine goes on in the other', () => {
  const late = ['a', 'b', 'c', 'd', 'e'].map((params) =>
    trialRecord({
      cell: { ...cell('crun', 'io/a', params), engine: 'new' },
      outcome: { status: 'timed-out', step: 'run', limitMs: 1 },
    }),
  );
  expect([...givenUp(cells, late).keys()]).toEqual([cellKey({ ...cell('crun', 'io/a'), engine: 'new' })]);
});
