import { expect, test } from 'vitest';
import {
  atEveryEngine,
  measuredInEngines,
  scheduledLayers,
  workIn,
} from '../../../../src/app/measure/layers.ts';
import { scheduleBlock } from '../../../../src/core/measure/schedule/block.ts';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import { openSubject } from '../../../../src/core/measure/schedule/subject-progress.ts';
import { subjectRecords } from '../../../../src/core/measure/schedule/subjects.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { givenUp } from '../../../../src/core/model/run/given-up.ts';
import { cellKey, workKey } from '../../../../src/core/model/trial/cell.ts';
import { cell, lineWorkload, runSubject, runtimeFacts, trialRecord } from '../../../support/records.ts';

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
    'runc old',
    'runc#2 old',
    'crun old',
    'runc new',
    'runc#2 new',
    'crun new',
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
    'runc old',
    'crun old',
    'runc new',
    'crun new',
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

const asked = (name: string) => ({ name, path: [], containerd: [], env: {}, daemonJson: {} });
const engines = ['old', 'new', 'newest'].map(asked);

test('where there is one runtime, it is measured twice in the first engine alone', () => {
  const alone = measurableCells(
    ['old', 'new'].map((engine) => ({ ...runSubject('io/a'), engine })),
    [runtimeFacts('runc')],
    'runc',
    [io],
    { engines },
  );
  expect(alone.map(label)).toEqual(['runc old', 'runc#2 old', 'runc new']);
});

test('where there is one runtime, each engine ends by itself, and the first stays while another is open', () => {
  const standing = (settled: 'precise' | 'clear' | null) => ({ width: 1, shift: null, settled });
  const known = (engine: string, settled?: 'precise' | 'clear' | null, runtime = 'runc') => ({
    cell: { ...cell(runtime, 'io/a'), engine },
    standing: settled === undefined ? undefined : standing(settled),
    costMs: 100,
    givenUp: false,
  });
  const after = (own: readonly ReturnType<typeof known>[], blocks = 7) =>
    openSubject(
      { subject: 's', blocks, maxBlocks: 99, alive: true, cells: own },
      { baseline: 'runc', minBlocks: 7, engines },
    );
  const twice = [known('old'), known('old', undefined, 'runc#2')];
  const one = [...twice, known('new', 'clear'), known('newest', null)];
  expect(after(one, 6).open).toHaveLength(4);
  expect(after(one).open.map(({ cell: each }) => label(each))).toEqual(['runc old', 'runc newest']);
  expect(after(one).settled).toBeNull();
  expect(after([...twice, known('new', 'precise'), known('newest', 'precise')]).settled).toBe('precise');
  expect(after([...twice, known('new', 'clear'), known('newest', 'precise')]).settled).toBe('clear');
  // Not yet in a pair: it does not make the others wait.
  expect(after([...twice, known('new', 'precise'), known('newest')]).settled).toBe('precise');
});

test('an engine measures the categories that it was given', () => {
  const some = [asked('old'), { ...asked('new'), categories: ['startup' as const] }];
  const subjects = ['startup/a', 'io/a'].flatMap((id) =>
    ['old', 'new'].map((engine) => runSubject(id, { engine })),
  );
  const places = [...subjects, runSubject('io/a')].map(({ workload, engine }) => `${workload} ${engine}`);
  const kept = measuredInEngines([...subjects, runSubject('io/a')], { engines: some });
  expect(kept.map(({ workload, engine }) => `${workload} ${engine}`)).toEqual(
    places.filter((place) => place !== 'io/a new'),
  );
  expect(measuredInEngines(subjects, {})).toEqual(subjects);
  const work = ['startup/a', 'io/a'].map((id) => ({ workload: lineWorkload(id), params: {} }));
  const idsIn = (engine: string) =>
    workIn(engine, work, { engines: some }).map(({ workload }) => workload.id);
  expect([idsIn('old'), idsIn('new')]).toEqual([['startup/a', 'io/a'], ['startup/a']]);
});
