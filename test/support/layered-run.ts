import { analyze } from '../../src/core/analyze/analyze.ts';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { type Cell, formatParams, type Layer } from '../../src/core/model/trial/cell.ts';
import type { Measurement } from '../../src/core/model/workload/metric.ts';
import { lineWorkload, runRecord, runSubject, runtimeFacts } from './records.ts';

const ms = 1e6;

/** What each part of a start takes, ms; the runtimes' own in the region of what was seen. */
export const partTimes = {
  root: { create: 9, remove: 7 },
  process: 6,
  namespaces: 4,
  runtime: { runc: 34, crun: 12, runsc: 130 } as Readonly<Record<string, number>>,
  containerd: 48,
  docker: 70,
  bridge: 90,
  podman: 55,
} as const;

const metric = (id: string) => ({ id, unit: 'ns', better: 'lower', description: id }) as const;
export const startWorkload = {
  ...lineWorkload('startup/echo', [metric('startup.to_output')]),
  representative: true,
};

/** Where a cell of the run is, and the sum of the parts that it goes through, ms. */
interface Place {
  readonly cell: Cell;
  /** Parts above the image's mount. */
  readonly parts: readonly number[];
  /** Does the harness mount the image? */
  readonly mounts: boolean;
}

export interface LayeredOptions {
  readonly layers?: readonly Layer[];
  readonly runtimes?: readonly string[];
  readonly blocks?: number;
  /** Is the workload measured on a bridge, too? */
  readonly bridge?: boolean;
  /** Relative noise of every part. */
  readonly noise?: number;
  /** Names of the engines of the layer docker, each with what dockerd takes there, ms. */
  readonly engines?: Readonly<Record<string, number>>;
  /** Changes the cells' own measurements. */
  readonly keep?: (cell: Cell, block: number) => boolean;
}

const tools = ['fork', 'chroot', 'unshare', 'bwrap', 'nspawn'];

function placesOf(
  options: Required<Pick<LayeredOptions, 'layers' | 'runtimes' | 'bridge' | 'engines'>>,
): Place[] {
  const { layers, runtimes, bridge, engines } = options;
  const { process, namespaces, containerd, docker, podman } = partTimes;
  const at = (runtime: string, layer: Layer, more: Partial<Cell> = {}): Cell => ({
    runtime,
    profile: 'default',
    layer,
    workload: 'startup/echo',
    params: '',
    ...more,
  });
  const floor = tools.map((tool, rank): Place => {
    const parts = tool === 'unshare' ? [process, namespaces] : [process, 0.5 * rank];
    return { cell: at(tool, 'floor'), parts, mounts: true };
  });
  const ofRuntime = runtimes.flatMap((runtime): Place[] => {
    const alone = [process, namespaces, partTimes.runtime[runtime] ?? 20];
    const named = Object.entries(engines);
    const throughDocker = (named.length === 0 ? [[undefined, docker] as const] : named).flatMap(
      ([engine, own]): Place[] => {
        const parts = [...alone, containerd, own];
        const more = engine === undefined ? {} : { engine };
        const bridged = formatParams({ network: 'bridge' });
        return [
          { cell: at(runtime, 'docker', more), parts, mounts: false },
          ...(bridge
            ? [
                {
                  cell: at(runtime, 'docker', { ...more, params: bridged }),
                  parts: [...parts, partTimes.bridge],
                  mounts: false,
                },
              ]
            : []),
        ];
      },
    );
    return [
      { cell: at(runtime, 'oci'), parts: alone, mounts: true },
      { cell: at(runtime, 'containerd'), parts: [...alone, containerd], mounts: false },
      ...throughDocker,
      { cell: at(runtime, 'podman'), parts: [...alone, podman], mounts: false },
    ];
  });
  return [...floor, ...ofRuntime].filter(({ cell }) => layers.includes(cell.layer));
}

function measurementsOf(place: Place, block: number, random: Random, noise: number): Measurement[] {
  const { cell, parts, mounts } = place;
  const drawn = (of: number) => of * ms * (1 + noise * (random() + random() - 1));
  // Runs of older versions have the mount in the call that creates.
  const create = drawn(mounts ? partTimes.root.create : 15);
  const remove = drawn(mounts ? partTimes.root.remove : 12);
  const first = parts.reduce((sum, part) => sum + drawn(part), 0) - (mounts ? 0 : 15 * ms);
  const values = {
    'startup.to_output': create + first,
    'startup.create': create,
    'startup.first_output': first,
    'startup.remove': remove,
    'startup.total': create + first + drawn(2) + remove,
  };
  return Object.entries(values).map(([id, value]) => ({
    runId: 'run-1',
    trialId: `b${block}-${JSON.stringify(cell)}`,
    block,
    position: 0,
    phase: 'measure',
    cell,
    category: 'startup',
    metric: id,
    unit: 'ns',
    better: 'lower',
    value,
    outcome: 'ok',
  }));
}

export interface Layered {
  readonly run: RunRecord;
  readonly measurements: readonly Measurement[];
  readonly analysis: Analysis;
}

/** A run of one start at several layers, whose parts are known: the same at every call. */
export function layeredRun(options: LayeredOptions = {}): Layered {
  const {
    layers = ['floor', 'oci', 'containerd', 'docker', 'podman'],
    runtimes = ['runc', 'crun', 'runsc'],
    blocks = 14,
    bridge = true,
    noise = 0.1,
    engines = {},
    keep = () => true,
  } = options;
  const places = placesOf({ layers, runtimes, bridge, engines });
  const random = seededRandom('layers');
  const measurements: Measurement[] = [];
  for (let block = 1; block <= blocks; block++)
    for (const place of places) {
      const own = measurementsOf(place, block, random, noise);
      if (keep(place.cell, block)) measurements.push(...own);
    }
  const subjects = layers.flatMap((layer) => [
    runSubject('startup/echo', { layer, ...(layer === 'floor' ? { runtimes: tools } : {}) }),
    ...(layer === 'docker' && bridge
      ? [runSubject('startup/echo', { layer, params: 'network=bridge' })]
      : []),
  ]);
  const run = runRecord({
    runtimes: runtimes.map((name) => ({ ...runtimeFacts(name), family: name })),
    subjects,
    config: { layers: [...layers] },
  });
  return { run, measurements, analysis: analyze({ run, measurements, workloads: [startWorkload] }) };
}
