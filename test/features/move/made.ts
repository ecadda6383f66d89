import {
  type MeasuredStack,
  type MoveCost,
  type MoveRecord,
  moveSchema,
  type ServiceUse,
} from '../../../src/features/move/record.ts';
import { runRecord } from '../../support/records.ts';

/** CPU time of a request in ms and memory in MiB, by service. */
export type Used = Readonly<Record<string, readonly [cpuMs: number, mib: number]>>;

const requests = 1_000;

/** CPUs of each service at rest, in all measurements. */
const restCpus = 0.01;

/** One measurement of 5 s at rest and 5 s of load with 1,000 requests, which take the CPU time that is given. */
export function measured(
  block: number,
  runtime: string,
  used: Used,
  more: Partial<MeasuredStack> & { readonly p99?: number; readonly rate?: number } = {},
): MeasuredStack {
  const { p99 = 10e6, rate = 200, ...others } = more;
  const seconds = 5;
  const scatter = 1 + 0.002 * Math.sin(block * (runtime === 'runc' ? 3 : 5));
  const restNs = restCpus * seconds * 1e9 * scatter;
  const bytes = (mib: number) => mib * 2 ** 20 * scatter;
  return {
    block,
    position: 0,
    runtime,
    failure: null,
    restSeconds: seconds,
    loadSeconds: seconds,
    afterSeconds: seconds,
    loadNs: null,
    load: {
      tool: 'wrk',
      rate: rate * scatter,
      requests,
      mean: null,
      p50: null,
      p95: null,
      p99: p99 * scatter,
      failed: null,
    },
    services: Object.entries(used).map(
      ([service, [cpuMs, mib]]): ServiceUse => ({
        service,
        restNs,
        restOutsideNs: 0,
        loadedOutsideNs: 0,
        loadedNs: restNs + cpuMs * 1e6 * requests,
        afterNs: restNs,
        afterOutsideNs: 0,
        privateBytes: bytes(mib),
        outsideBytes: 4 * 2 ** 20,
        loadedBytes: bytes(2 * mib),
      }),
    ),
    ...others,
  };
}

export const madeMoveCost = (all: readonly MeasuredStack[], moved: MoveCost['moved']): MoveCost => ({
  load: { kind: 'service', name: 'load' },
  warmSeconds: 3,
  rate: null,
  requests: null,
  at: null,
  seed: 1,
  ended: null,
  thresholds: { practical: 0.05, alpha: 0.05 },
  moved,
  measured: [...all],
  planned: 12,
});

/** Blocks with a scatter of 1 % that both runtimes share, and one of their own. */
export const madeBlocks = (
  n: number,
  ofTarget: (block: number) => readonly [Used, Parameters<typeof measured>[3]?],
): readonly MeasuredStack[] =>
  Array.from({ length: n }, (_, at) => {
    const block = at + 1;
    const scatter = 1 + 0.01 * Math.sin(block);
    const [used, more] = ofTarget(block);
    return [
      measured(block, 'runc', { cache: [scatter, 10], web: [2 * scatter, 20] }),
      measured(block, 'runsc', used, more),
    ];
  }).flat();

/** Under runsc the cache takes four times the CPU time, and the web server one and a half times. */
export const dearer = madeBlocks(8, (block) => {
  const scatter = 1 + 0.01 * Math.cos(block);
  return [
    { cache: [4 * scatter, 30], web: [3 * scatter, 45] },
    { p99: 31e6, rate: 60 },
  ];
});

/** A move of two services to runsc, of which both move, and one that cannot. */
export function madeMove(cost: MoveCost | undefined, names = ['cache', 'web', 'light']): MoveRecord {
  const { host, engine, runtimes } = runRecord();
  const [, , light = 'light'] = names;
  return moveSchema.parse({
    moveVersion: 1,
    moveId: 'move-1',
    harnessVersion: '0.1.0',
    composeVersion: '2.26.1',
    outside: false,
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:10:00Z',
    interrupted: false,
    outOfTime: false,
    host,
    engine,
    runtimes,
    baseline: 'runc',
    targets: ['runsc'],
    obstacles: [],
    trials: [],
    stack: {
      name: 'shop',
      services: names.map((service, at) => ({
        service,
        image: `shop/${at}`,
        replicas: at + 1,
        healthCheck: true,
      })),
    },
    verdicts: names.map((service) => ({
      service,
      runtime: 'runsc',
      fix: '',
      ...(service === light
        ? { verdict: 'cannot', why: 'it exits with code 255: prctl' }
        : { verdict: 'moves', why: '' }),
    })),
    ...(cost === undefined ? {} : { cost }),
  });
}
