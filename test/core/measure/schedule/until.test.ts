import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  lastPart,
  splitNames,
  untilNames,
  withBaseline,
} from '../../../../src/core/measure/schedule/until.ts';
import type { Cell } from '../../../../src/core/model/trial/cell.ts';
import { runRecord, runSubject } from '../../../support/records.ts';

const at = (runtime: string, workload: string, params = '', layer: Cell['layer'] = 'docker'): Cell => ({
  runtime,
  profile: 'default',
  layer,
  workload,
  params,
});
const subjects = [
  runSubject('startup/echo', { category: 'startup' }),
  runSubject('startup/echo', { category: 'startup', params: 'cache=cold' }),
  runSubject('io/fio', { category: 'io', params: 'op=randread;target=bind' }),
  runSubject('isolation/facts', { category: 'isolation' }),
];
const cells = subjects.flatMap(({ workload, params }) =>
  ['runc', ...(workload === 'io/fio' ? ['runc#2'] : []), 'crun', 'runsc'].map((runtime) =>
    at(runtime, workload, params),
  ),
);
const names = untilNames(cells, subjects, 'runc');

describe('the names of comparisons', () => {
  test('are of cells with their parameters, and of categories', () => {
    expect([...names.keys()].toSorted()).toEqual(
      ['crun', 'runsc']
        .flatMap((runtime) => [
          ...['io', 'startup', 'startup/echo', 'startup/echo?cache=cold'].map((name) => `${name}:${runtime}`),
          `io/fio?op=randread;target=bind:${runtime}`,
        ])
        .toSorted(),
    );
    expect(names.get('startup:crun')).toEqual([
      at('crun', 'startup/echo'),
      at('crun', 'startup/echo', 'cache=cold'),
    ]);
    expect(names.get('startup/echo:crun')).toEqual([at('crun', 'startup/echo')]);
  });

  test('stand for the cell at every layer', () => {
    const layered = [at('crun', 'startup/echo'), at('crun', 'startup/echo', '', 'oci')];
    expect(untilNames(layered, subjects, 'runc').get('startup/echo:crun')).toEqual(layered);
  });
});

describe('under several profiles', () => {
  const under = (runtime: string, profile: string) => ({ ...at(runtime, 'startup/echo'), profile });
  const all = ['plain', 'user'].flatMap((profile) =>
    ['runc', 'crun'].map((runtime) => under(runtime, profile)),
  );

  test('the first goes without saying, and the others are named, of the baseline too', () => {
    const named = untilNames(all, subjects, 'runc', 'plain');
    expect([...named.keys()]).toEqual([
      'startup:crun',
      'startup:runc@user',
      'startup:crun@user',
      'startup/echo:crun',
      'startup/echo:runc@user',
      'startup/echo:crun@user',
    ]);
    expect(named.get('startup/echo:crun')).toEqual([under('crun', 'plain')]);
  });

  test('a chosen cell is measured beside its runtime under the first', () => {
    const chosen = new Set(['crun|user|docker|startup/echo|']);
    expect(withBaseline(chosen, all, 'runc', 'plain')).toEqual([
      under('crun', 'plain'),
      under('crun', 'user'),
    ]);
  });
});

test('a list ends names at commas, but not within a name that is known', () => {
  const known = new Set(['a/b?list=1,2:x', 'c:x']);
  expect(splitNames('a/b?list=1,2:x,c:x', known)).toEqual(['a/b?list=1,2:x', 'c:x']);
  expect(splitNames(' c:x , c:x,,nothing, of it', known)).toEqual(['c:x', 'nothing', 'of it']);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...known), { minLength: 1, maxLength: 5 }), (asked) => {
      expect(splitNames(asked.join(','), known)).toEqual([...new Set(asked)]);
    }),
  );
});

test('a chosen cell is measured beside the baseline of its subject, and its second arm', () => {
  const chosen = new Set(['runsc|default|docker|io/fio|op=randread;target=bind']);
  expect(
    withBaseline(chosen, cells, 'runc').map(({ runtime, workload }) => `${workload} ${runtime}`),
  ).toEqual(['io/fio runc', 'io/fio runc#2', 'io/fio runsc']);
});

test('a chosen cell of a run in duets is measured beside its partner, and nothing else', () => {
  const arms = ['runc', 'runc#2', 'crun', 'runc#crun', 'runsc', 'runc#runsc'];
  const duets = ['io/fio', 'startup/echo'].flatMap((workload) =>
    arms.map((runtime) => at(runtime, workload)),
  );
  const chosen = new Set(['crun|default|docker|io/fio|']);
  expect(
    withBaseline(chosen, duets, 'runc').map(({ runtime, workload }) => `${workload} ${runtime}`),
  ).toEqual(['io/fio crun', 'io/fio runc#crun']);
  expect(untilNames(duets, subjects, 'runc').has('io/fio:runc#crun')).toBe(false);
});

describe('the part of a run that is measured', () => {
  test('is all of it, with its own settings', () => {
    const run = runRecord();
    expect(lastPart(run, cells)).toMatchObject({ cells, config: run.config, fromBlock: 0 });
  });

  test('is the last extension, with limits of its own', () => {
    const extension = (fromBlock: number, cell: string) => ({
      fromBlock,
      startedAt: '2026-01-01T00:00:00.000Z',
      cells: [cell],
      maxTimeMs: 1000 * fromBlock,
    });
    const run = {
      ...runRecord({ config: { precision: 0.01, minBlocks: 20, maxBlocks: 40 } }),
      extensions: [
        extension(41, 'crun|default|docker|startup/echo|'),
        extension(60, 'runsc|default|docker|startup/echo|'),
      ],
    };
    const { config, fromBlock, wanted, cells: own } = lastPart(run, cells);
    expect(own.map(({ runtime }) => runtime)).toEqual(['runc', 'runsc']);
    expect(fromBlock).toBe(60);
    expect(config).toMatchObject({ minBlocks: 6, maxTimeMs: 60_000, precision: null, seed: run.config.seed });
    const { practical } = run.config.thresholds;
    expect([wanted.targetOf({ precision: 0.03 } as never), wanted.practical]).toEqual([practical, practical]);
  });
});
