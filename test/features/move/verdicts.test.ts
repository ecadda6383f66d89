import { expect, test } from 'vitest';
import type { MoveOutcome, MoveTrial, RefusedCall } from '../../../src/features/move/record.ts';
import { obstaclesOf } from '../../../src/features/move/stack/obstacles.ts';
import { nativeOf, says, verdictsOf } from '../../../src/features/move/verdicts.ts';
import { shop } from './stacks.ts';

type Outcomes = Readonly<Record<string, MoveOutcome | readonly [MoveOutcome, string]>>;

const trial = (under: readonly string[], outcomes: Outcomes): MoveTrial => ({
  seconds: 1,
  under: [...under],
  runtime: under.length === 0 ? 'runc' : 'runsc',
  services: Object.entries(outcomes).map(([service, found]) => {
    const [outcome, said] = typeof found === 'string' ? [found, ''] : found;
    return {
      service,
      outcome,
      said,
      log: said,
      healthyMs: null,
      oomKilled: false,
      exitCode: outcome === 'exited' ? 255 : null,
    };
  }),
});

/** A front that needs an application, which needs a cache; and a tool that needs nothing. */
const stack = {
  services: {
    cache: {},
    app: { depends_on: { cache: {} } },
    front: { depends_on: { app: {} } },
    tool: {},
  },
};
const fine = { cache: 'healthy', app: 'up', front: 'up', tool: 'done' } as const;
const baseline = trial([], fine);
const alone = (service: string, changes: Outcomes = {}) => trial([service], { ...fine, ...changes });

const of = (trials: readonly MoveTrial[], names: readonly string[] = Object.keys(fine)) =>
  verdictsOf(names, 'runsc', 'runc', { trials, stack, obstacles: [] }).map(({ service, verdict, why }) =>
    verdict === 'moves' ? `${service} moves` : `${service} ${verdict}: ${why.text}`,
  );
const moving = ['cache moves', 'app moves', 'front moves', 'tool moves'];

test('services move that run together', () => {
  expect(of([baseline, trial(Object.keys(fine), fine)])).toEqual(moving);
});

test('one that ends says with what, and the others move without it', () => {
  const failed = alone('tool', { tool: ['exited', 'starting\nprctl: Invalid argument'] });
  const others = ['cache', 'app', 'front'];
  const first = trial(Object.keys(fine), { ...fine, tool: ['exited', 'prctl: Invalid argument'] });
  const trials = [baseline, first, trial(others, fine), failed];
  expect(of(trials)).toEqual([
    ...moving.slice(0, 3),
    'tool cannot: it exits with code 255: prctl: Invalid argument',
  ]);
});

test('a call that was refused is named, with what can be done', () => {
  const failed = alone('tool', { tool: ['exited', 'prctl: Invalid argument'] });
  const verdictWith = (refused: RefusedCall) => {
    const services = failed.services.map((each) => (each.service === 'tool' ? { ...each, refused } : each));
    const trials = [baseline, { ...failed, services }];
    return verdictsOf(['tool'], 'runsc', 'runc', { trials, stack, obstacles: [] })[0];
  };
  const prctl = { call: 'prctl', arguments: 'PR_CAP_AMBIENT, …', errno: 'EINVAL' };
  const seen = { named: true, unsupported: false };
  const verdict = verdictWith({ ...prctl, ...seen });
  expect(verdict?.why.text).toBe(
    'it exits with code 255: prctl: Invalid argument; last refused system call before that: prctl(PR_CAP_AMBIENT, …): EINVAL',
  );
  expect(verdict?.fix.text).toContain('or try a newer release of the runtime');
  const raw = { call: 'socket', arguments: 'AF_INET, SOCK_RAW, IPPROTO_ICMP', errno: 'EPERM' };
  expect(verdictWith({ ...raw, ...seen })?.fix.text).toMatch(/^add --net-raw to its runtimeArgs/);
});

test('a service is not told for what it needs: that is told itself', () => {
  const late = alone('app', { cache: 'late', app: 'late', front: 'late' });
  expect(of([baseline, late], ['app'])).toEqual(['app unknown: it needs cache, which did not run this time']);
});

test('a service whose consumers break does not move', () => {
  const broken = alone('cache', { app: ['exited', 'no answer'], front: 'late' });
  expect(of([baseline, broken], ['cache'])).toEqual([
    'cache cannot: with it under runsc, app did not run: it exits with code 255: no answer',
  ]);
  const other = alone('cache', { tool: ['exited', 'x'] });
  expect(of([baseline, other], ['cache'])[0]).toMatch(
    /^cache unknown: with it under runsc, tool did not run/,
  );
});

test('together, only what broke first stays behind, and the others are judged without it', () => {
  const all = Object.keys(fine);
  const first = trial(all, { ...fine, cache: ['exited', 'full'], app: 'late', front: 'late' });
  const native = nativeOf([baseline]);
  expect(says(first, native, stack)).toEqual({ broke: ['cache'], suspect: [], isWhole: false });
  const second = trial(['app', 'front', 'tool'], fine);
  expect(of([baseline, first, second, alone('cache'), first])).toEqual([
    'cache cannot: it runs there, but not together with the others: it exits with code 255: full',
    ...moving.slice(1),
  ]);
});

test('together, nobody is blamed for what others do: twice, and it is unknown', () => {
  const native = nativeOf([baseline]);
  // One that stays under the baseline breaks: because of what it needs, or of anything.
  const consumer = trial(['cache', 'tool'], { ...fine, app: ['exited', 'x'], front: 'late' });
  expect(says(consumer, native, stack)).toEqual({ broke: [], suspect: ['cache'], isWhole: false });
  const flake = trial(['front', 'tool'], { ...fine, cache: ['late', 'x'] });
  expect(says(flake, native, stack).suspect).toEqual(['front', 'tool']);
  const both = [baseline, alone('front'), alone('tool')];
  const again = trial(['front', 'tool'], fine);
  expect(of([...both, flake, again], ['front', 'tool'])).toEqual(['front moves', 'tool moves']);
  const [front, tool] = of([...both, flake, flake], ['front', 'tool']);
  expect(front).toMatch(/^front unknown: with it under runsc, cache/);
  // The last that ran without the other.
  expect(tool).toBe('tool moves');
});

test('what fails under the baseline, too, is no evidence', () => {
  const mailer = { services: { ...stack.services, mailer: { depends_on: { cache: {} } } } };
  const native = trial([], { ...fine, mailer: 'exited' });
  const own = trial(['cache'], { ...fine, mailer: 'exited' });
  const [verdict] = verdictsOf(['cache'], 'runsc', 'runc', {
    trials: [native, own],
    stack: mailer,
    obstacles: [],
  });
  expect(verdict?.verdict).toBe('moves');
});

test('what Compose did not reach, since something else had failed, is no evidence', () => {
  const first = trial([], {
    cache: 'exited',
    app: ['not-reached', 'cache failed'],
    tool: 'done',
  });
  const second = trial([], { tool: 'done' });
  expect(of([first, second, alone('tool')], ['app', 'tool'])).toEqual([
    'app unknown: it needs cache, which did not run in the trial under runc',
    'tool moves',
  ]);
  const unreached = trial([], { cache: ['not-reached', 'tool failed'], tool: 'exited' });
  expect(of([unreached], ['cache'])).toEqual([
    'cache unknown: it was not started, because another service had failed: tool failed',
  ]);
  const cut = alone('tool', { front: ['not-reached', 'x'] });
  expect(says(cut, nativeOf([baseline]), stack)).toEqual({ broke: [], suspect: [], isWhole: false });
});

test('a server that ends well under the baseline did not run there', () => {
  const restarted = { services: { app: { restart: 'unless-stopped' } } };
  const [verdict] = verdictsOf(['app'], 'runsc', 'runc', {
    trials: [trial([], { app: 'done' }), trial(['app'], { app: 'done' })],
    stack: restarted,
    obstacles: [],
  });
  expect([verdict?.verdict, verdict?.why.text]).toEqual([
    'unknown',
    'it does not run in the trial under runc either: it exits with code 0: it logs nothing',
  ]);
});

test('a server that ends at once with 0, and a task that does not end, do not run', () => {
  const ended = of([baseline, alone('app', { app: 'done' })], ['app']);
  expect(ended).toEqual(['app cannot: it exits with code 0: it logs nothing']);
  const endless = of([baseline, alone('tool', { tool: 'late' })], ['tool']);
  expect(endless).toEqual(['tool cannot: it is not healthy in time: it logs nothing']);
});

test('nothing is told of what does not run under the baseline, or was cut off', () => {
  const native = trial([], { cache: ['unhealthy', 'no route'] });
  expect(of([native], ['cache'])).toEqual([
    'cache unknown: it does not run in the trial under runc either: its health check fails: no route',
  ]);
  // Docker mixes the two outputs of a check: what is last need not say why.
  const mixed = (said: string) => of([baseline, alone('tool', { tool: ['unhealthy', said] })], ['tool']);
  for (const said of ['PING 1\nping: permission denied\n', 'ping: permission denied\nPING 1'])
    expect(mixed(said)).toEqual(['tool cannot: its health check fails: ping: permission denied']);
  expect(mixed('asked\nno')).toEqual(['tool cannot: its health check fails: no']);
  expect(of([baseline], ['cache'])).toEqual(['cache unknown: the trial was cut off']);
  expect(of([], ['cache'])).toEqual(['cache unknown: the trial was cut off']);
  expect(of([trial([], { cache: 'cut' })], ['cache'])).toEqual(['cache unknown: the trial was cut off']);
});

test('a trial that is cut off leaves what it saw', () => {
  const apart = 'it ran there, but was not tried together with all others that can move';
  const said = (...trials: readonly MoveTrial[]) =>
    verdictsOf(Object.keys(fine), 'runsc', 'runc', { trials, stack, obstacles: [] }).map(({ verdict, why }) =>
      `${verdict} ${why.text}`.trim(),
    );
  const all = Object.keys(fine);
  const cut = trial(all, { ...fine, app: 'cut', front: ['exited', 'prctl'] });
  expect(said(baseline, cut)).toEqual([
    `moves ${apart}`,
    'unknown the trial was cut off',
    'cannot it exits with code 255: prctl',
    `moves ${apart}`,
  ]);
  // Two parts that ran, and were not tried with each other.
  expect(said(baseline, trial(['cache', 'app', 'front'], fine), alone('tool'))).toEqual([
    'moves',
    'moves',
    'moves',
    `moves ${apart}`,
  ]);
  // With each other they failed: the smaller part is to blame as much as the larger one.
  const broken = trial(all, { ...fine, cache: ['exited', 'full'] });
  expect(said(baseline, trial(['cache', 'app', 'front'], fine), alone('tool'), broken)[3]).toBe(
    'unknown with it under runsc, cache did not run: it exits with code 255: full',
  );
});

test('what reaches into the host was not tried', () => {
  const obstacles = obstaclesOf(shop, ['agent'], 'runsc');
  const [verdict] = verdictsOf(['agent'], 'runsc', 'runc', { trials: [], stack: shop, obstacles });
  expect([verdict?.verdict, verdict?.why.text]).toEqual([
    'not-tried',
    'is privileged: no sandbox gives it that access to the host',
  ]);
});
