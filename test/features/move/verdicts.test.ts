import { expect, test } from 'vitest';
import type { MoveOutcome, MoveTrial } from '../../../src/features/move/record.ts';
import { obstaclesOf } from '../../../src/features/move/stack/obstacles.ts';
import { verdictsOf } from '../../../src/features/move/verdicts.ts';
import { shop } from './stacks.ts';

const tried = (service: string, outcome: MoveOutcome, said = '', log = '') => ({
  ...{ service, outcome, said, log, healthyMs: null, oomKilled: false },
  exitCode: outcome === 'exited' ? 255 : null,
});

const trial = (
  kind: MoveTrial['kind'],
  under: readonly string[],
  services: readonly ReturnType<typeof tried>[],
): MoveTrial => ({
  ...{ kind, seconds: 1, under: [...under], services: [...services] },
  runtime: kind === 'baseline' ? 'runc' : 'runsc',
});

const of = (trials: readonly MoveTrial[], services: readonly string[] = ['cache', 'web']) =>
  verdictsOf(services, ['runsc'], 'runc', { trials, obstacles: obstaclesOf(shop, 'runsc') }).map(
    ({ service, verdict, why }) => [service, verdict, why.text],
  );

const baseline = trial('baseline', ['cache', 'web'], [tried('cache', 'healthy'), tried('web', 'up')]);

test('a service moves that runs alone and with the others', () => {
  const trials = [
    baseline,
    trial('alone', ['cache'], [tried('cache', 'healthy')]),
    trial('alone', ['web'], [tried('cache', 'healthy'), tried('web', 'up')]),
    trial('together', ['cache', 'web'], [tried('cache', 'healthy'), tried('web', 'up')]),
  ];
  expect(of(trials)).toEqual([
    ['cache', 'moves', ''],
    ['web', 'moves', ''],
  ]);
});

test('one that ends says with what, and the others move without it', () => {
  const trials = [
    baseline,
    trial('alone', ['cache'], [tried('cache', 'healthy')]),
    trial('alone', ['web'], [tried('web', 'exited', '', 'starting\nprctl: Invalid argument\n')]),
  ];
  expect(of(trials)).toEqual([
    ['cache', 'moves', ''],
    ['web', 'cannot', 'it ends with exit code 255: prctl: Invalid argument'],
  ]);
});

test('one that fails with the others only is told so', () => {
  const trials = [
    baseline,
    trial('alone', ['cache'], [tried('cache', 'healthy')]),
    trial('alone', ['web'], [tried('web', 'up')]),
    trial('together', ['cache', 'web'], [tried('cache', 'healthy'), tried('web', 'unhealthy', 'refused')]),
    trial('together', ['cache'], [tried('cache', 'healthy'), tried('web', 'up')]),
  ];
  expect(of(trials)).toEqual([
    ['cache', 'moves', ''],
    ['web', 'cannot', 'it runs alone, and not with the others: its health check fails: refused'],
  ]);
});

test('a server that ends at once with exit code 0 does not move', () => {
  const trials = [baseline, trial('alone', ['web'], [tried('web', 'done')])];
  expect(of(trials, ['web'])).toEqual([['web', 'cannot', 'it ends with exit code 0: it says nothing']]);
});

test('nothing is told of what does not run under the baseline, was not tried, or was cut off', () => {
  const native = trial('baseline', ['web'], [tried('web', 'late', 'no route')]);
  expect(of([native], ['web', 'agent'])).toEqual([
    ['web', 'unknown', 'it does not run under runc here either: it is not healthy in time: no route'],
    ['agent', 'not-tried', 'is privileged: what it does to the host it can do under no sandbox'],
  ]);
  expect(of([baseline], ['cache'])).toEqual([['cache', 'unknown', 'the trial was cut off']]);
});
