import { describe, expect, test } from 'vitest';
import { headlinePrecision } from '../../../../src/core/analyze/claims/precision.ts';
import { openSubject } from '../../../../src/core/measure/schedule/subject-progress.ts';
import { type LayerStack, layerStackSchema } from '../../../../src/core/model/trial/layer-stack.ts';
import { type LayeredOptions, layeredRun, partTimes, startWorkload } from '../../../support/layered-run.ts';

const stacks = (options: LayeredOptions = {}) => layeredRun(options).analysis.layers ?? [];
const stackOf = (of: readonly LayerStack[], runtime: string, metric = 'startup.to_output') => {
  const found = of.find((stack) => stack.runtime === runtime && stack.metric === metric);
  if (found === undefined) throw new Error(`no stack of ${runtime}`);
  return found;
};
const inMs = ({ estimate }: { readonly estimate: number }) => estimate / 1e6;
const partsOf = ({ steps }: LayerStack) => steps.map(({ parts }) => parts.join('+'));

describe('a start taken apart by layer', () => {
  test('each layer adds what it takes, whatever the runtime', () => {
    const all = stacks();
    for (const runtime of ['runc', 'crun', 'runsc']) {
      const stack = stackOf(all, runtime);
      expect(partsOf(stack)).toEqual(['process', 'namespaces', 'runtime', 'containerd', 'docker']);
      const expected = [
        partTimes.process,
        partTimes.namespaces,
        partTimes.runtime[runtime] ?? 0,
        partTimes.containerd,
        partTimes.docker,
      ];
      for (const [at, { parts, estimate, low, high, n }] of stack.steps.entries()) {
        const about = `${runtime} ${parts.join()}`;
        const truth = (expected[at] ?? 0) * 1e6;
        expect(n, about).toBe(14);
        expect(low, about).toBeLessThan(estimate);
        expect(high, about).toBeGreaterThan(estimate);
        // Half as wide again as the interval: one in twenty misses its truth by a little.
        const half = ((high ?? 0) - (low ?? 0)) / 2;
        expect(Math.abs(estimate - truth), about).toBeLessThan(2 * half);
      }
    }
    expect(all.every((stack) => layerStackSchema.safeParse(stack).success)).toBe(true);
  });

  test('the parts add up to the whole, until the first output and until it is gone', () => {
    const all = stacks();
    expect(all).toHaveLength(6);
    for (const { sum, whole, runtime, metric } of all)
      expect(Math.abs(sum / whole.estimate - 1), `${runtime} ${metric}`).toBeLessThan(0.05);
  });

  test('what is above the runtime, the bridge and podman are told apart from the stack', () => {
    const { above, network, beside, top } = stackOf(stacks(), 'crun');
    expect(top).toBe('docker');
    expect(above && inMs(above)).toBeCloseTo(partTimes.containerd + partTimes.docker, -1);
    expect(network && inMs(network)).toBeCloseTo(partTimes.bridge, -1);
    expect(beside.map(({ layer }) => layer)).toEqual(['podman']);
    expect(inMs(beside[0] ?? { estimate: 0 })).toBeCloseTo(
      partTimes.process + partTimes.namespaces + (partTimes.runtime.crun ?? 0) + partTimes.podman,
      -1,
    );
  });

  test('layers that were not measured are one step with the next that was', () => {
    expect(partsOf(stackOf(stacks({ layers: ['oci', 'docker'] }), 'runc'))).toEqual([
      'process+namespaces+runtime',
      'containerd+docker',
    ]);
    expect(partsOf(stackOf(stacks({ layers: ['containerd', 'docker'] }), 'runc'))).toEqual([
      'process+namespaces+runtime+containerd',
      'docker',
    ]);
    const alone = stackOf(stacks({ layers: ['floor', 'oci'], bridge: false }), 'runc');
    expect([alone.top, alone.above, alone.network]).toEqual(['oci', null, null]);
  });

  test('one layer is no stack, nor are floors', () => {
    expect(stacks({ layers: ['docker'] })).toEqual([]);
    expect(stacks({ layers: ['floor'] })).toEqual([]);
    expect(layeredRun({ layers: ['docker'] }).analysis).not.toHaveProperty('layers');
  });

  test('a layer without a block in common with the one below is none', () => {
    const apart = stacks({ keep: ({ layer }, block) => (layer === 'containerd' ? block > 7 : block <= 7) });
    expect(partsOf(stackOf(apart, 'runc'))).toEqual([
      'process',
      'namespaces',
      'runtime',
      'containerd+docker',
    ]);
  });

  test('all of a stack is of the blocks that hold all of it, and what some hold alone is left out', () => {
    const unequal = stacks({
      blocks: 30,
      keep: ({ layer }, block) => layer === 'docker' || (layer === 'floor' ? block < 20 : block < 13),
    });
    for (const { steps, whole } of unequal) {
      expect(steps.map(({ n }) => n)).toEqual(Array(5).fill(12));
      expect(whole.n).toBe(12);
    }
    const few = stacks({ blocks: 30, keep: ({ layer }, block) => layer === 'docker' || block < 4 });
    expect(stackOf(few, 'runc').whole.n).toBe(30);
  });

  test('too few blocks give increments without intervals', () => {
    for (const { low, high, n } of stackOf(stacks({ blocks: 3 }), 'runc').steps)
      expect([low, high, n]).toEqual([null, null, 3]);
  });

  test('a layer that is faster than the one below takes away', () => {
    const step = stackOf(stacks({ layers: ['oci', 'docker'], engines: { quick: -60 } }), 'runc').steps.at(-1);
    expect(step?.high).toBeLessThan(0);
  });

  test('several engines are as many stacks on the same layers below', () => {
    const all = stacks({ engines: { 'docker-26': 70, 'docker-28': 30 } });
    const own = all.filter(({ runtime, metric }) => runtime === 'runc' && metric === 'startup.to_output');
    expect(own.map(({ engine }) => engine)).toEqual(['docker-26', 'docker-28']);
    const [older, newer] = own.map(({ steps }) => steps.map(inMs));
    expect(older?.slice(0, 4)).toEqual(newer?.slice(0, 4));
    expect(older?.[4]).toBeCloseTo(70, -1);
    expect(newer?.[4]).toBeCloseTo(30, -1);
  });
});

describe('floors', () => {
  test('need blocks until they are told from a program without isolation, which stays as long', () => {
    const { run, measurements } = layeredRun({ layers: ['floor'] });
    const wanted = { targetOf: () => 0.03, practical: 0.05 };
    const found = headlinePrecision({ run, measurements, workloads: [startWorkload], wanted });
    expect(found.map(({ cell, pairs }) => [cell.runtime, pairs])).toEqual(
      ['chroot', 'unshare', 'bwrap', 'nspawn'].map((tool) => [tool, 14]),
    );
    const at = { profile: 'default', layer: 'floor', workload: 'startup/echo', params: '' } as const;
    const cells = ['fork', ...found.map(({ cell }) => cell.runtime)].map((runtime) => {
      const own = found.find(({ cell }) => cell.runtime === runtime);
      const standing = own === undefined ? undefined : { width: 1, shift: null, settled: null };
      const cell = { ...at, runtime };
      return { cell, standing, costMs: 20, givenUp: false };
    });
    const progress = { subject: 's', blocks: 14, maxBlocks: 99, alive: true, cells };
    const openOf = (open: typeof cells) =>
      openSubject({ ...progress, cells: open }, { baseline: 'runc', minBlocks: 6 }).open.map(
        ({ cell }) => cell.runtime,
      );
    expect(openOf(cells)).toEqual(['fork', 'chroot', 'unshare', 'bwrap', 'nspawn']);
    const settled = cells.map((each) =>
      each.standing === undefined || each.cell.runtime === 'bwrap'
        ? each
        : { ...each, standing: { ...each.standing, settled: 'clear' as const } },
    );
    expect(openOf(settled as typeof cells)).toEqual(['fork', 'bwrap']);
  });

  test('are compared with a program without isolation, in a family of their own, and are no runtimes', () => {
    const { rows, categories = [] } = layeredRun().analysis;
    const own = rows.filter(({ layer, headline }) => layer === 'floor' && headline);
    expect(own.map(({ runtime, baseline, verdict }) => [runtime, baseline, verdict === 'baseline'])).toEqual([
      ['fork', 'fork', true],
      ...['chroot', 'unshare', 'bwrap', 'nspawn'].map((tool) => [tool, 'fork', false]),
    ]);
    expect(own.find(({ runtime }) => runtime === 'unshare')).toMatchObject({
      verdict: 'slower',
      family: 'floor/startup.to_output',
    });
    expect(categories.filter(({ layer }) => layer === 'floor')).toEqual([]);
    const others = rows.filter(({ layer }) => layer !== 'floor').map(({ runtime }) => runtime);
    expect(new Set(others)).toEqual(new Set(['runc', 'crun', 'runsc']));
  });
});
