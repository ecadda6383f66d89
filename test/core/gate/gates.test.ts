import { describe, expect, test } from 'vitest';
import { type GateNames, gatesOf } from '../../../src/core/gate/gates.ts';
import type { GateSettings } from '../../../src/core/gate/limit.ts';
import { formatProblem } from '../../../src/core/model/failure/error.ts';
import type { MetricDefinition } from '../../../src/core/model/workload/metric.ts';
import { lineWorkload } from '../../support/records.ts';

const metric = (changes: Partial<MetricDefinition>): MetricDefinition => ({
  id: 'value',
  unit: 'ns',
  better: 'lower',
  description: '',
  ...changes,
});
const known: GateNames = {
  file: 'bench.config.ts',
  runtimes: ['runc', 'crun', 'runsc', 'runc-pin', 'crun-pin', 'runsc-pin'],
  baselines: ['runc', 'runc-pin'],
  pins: ['runc-pin', 'crun-pin', 'runsc-pin'],
  workloads: [
    lineWorkload('startup/echo', [metric({})]),
    lineWorkload('memory/idle', [metric({ unit: 'bytes' })]),
    lineWorkload('syscall/count', [metric({ unit: 'count' })]),
    {
      ...lineWorkload('io/fio', [metric({ unit: 'bytes/s', better: 'higher' })]),
      parameters: { op: '', size: '' },
      presets: { quick: [{ op: 'read', size: '4k' }], standard: [{ op: 'write', size: '4k' }], full: [] },
    },
    lineWorkload('isolation/facts', [metric({ better: 'neither' })]),
  ],
};
const gates = (settings: GateSettings) => gatesOf(settings, known).gates;
const complaints = (settings: GateSettings) =>
  gatesOf(settings, known).problems.map((problem) => formatProblem(problem).split('\n'));

describe('a gate', () => {
  test('is about a workload, one of its sets of parameters, or a category', () => {
    const found = gates({
      'runsc startup/echo': '< 2.1x',
      'crun  io/fio?size=4k;op=read': '> 0.9x',
      'runsc startup': '< 1.5x',
      'runc memory/idle': '< 25 MiB',
    });
    expect(found.map(({ runtime, subject, vs }) => [runtime, subject, vs])).toEqual([
      ['runsc', expect.objectContaining({ workload: 'startup/echo', params: null, unit: 'ns' }), 'baseline'],
      ['crun', expect.objectContaining({ workload: 'io/fio', params: 'op=read;size=4k' }), 'baseline'],
      ['runsc', { kind: 'category', category: 'startup' }, 'baseline'],
      ['runc', expect.objectContaining({ workload: 'memory/idle' }), null],
    ]);
  });

  test('has one limit or several, each with what it is held against', () => {
    const found = gates({
      'crun memory/idle at oci': ['< 25 MiB', { limit: '< +10%', vs: 'last' }, { limit: '< 1.2x' }],
    });
    expect(found.map(({ layer, limit, vs }) => [layer, limit.text, vs])).toEqual([
      ['oci', '< 25 MiB', null],
      ['oci', '< +10%', 'last'],
      ['oci', '< 1.2x', 'baseline'],
    ]);
  });

  test.each<[string, GateSettings, RegExp]>([
    ['a word alone', { runsc: '< 2x' }, /must name a runtime and a workload or category, but is 'runsc'/],
    ['a misspelt runtime', { 'runcs startup/echo': '< 2x' }, /no runtime 'runcs'\n.*did you mean 'runc'\?/],
    [
      'an unknown runtime',
      { 'podman startup/echo': '< 2x' },
      /no runtime 'podman'\n.*choose from: runc, crun/,
    ],
    ['a misspelt workload', { 'runsc startup/ehco': '< 2x' }, /did you mean 'startup\/echo'\?/],
    ['a workload without its category', { 'runsc echo': '< 2x' }, /did you mean 'startup\/echo'\?/],
    ['unknown parameters', { 'runsc io/fio?op=raed;size=4k': '> 1x' }, /did you mean 'op=read;size=4k'\?/],
    ['parameters where there are none', { 'runsc startup/echo?n=1': '< 2x' }, /has no parameters, but 'n=1'/],
    ['facts', { 'runsc isolation': '< 2x' }, /which is not a cost/],
    [
      'an unknown layer',
      { 'runsc startup at dokcer': '< 2x' },
      /no layer 'dokcer'\n.*did you mean 'docker'\?/,
    ],
    ['a limit that is none', { 'runsc startup': 'fast' }, /must be a limit, but is 'fast'/],
    ['another unit', { 'runsc startup/echo': '< 2 MiB' }, /is measured in ns\n.*ns, µs, us, ms, s/],
    [
      'a unit of a count',
      { 'runsc syscall/count': '< 2 ms' },
      /measured in count\n.*a number without a unit/,
    ],
    ['a number without its unit', { 'runsc startup/echo': '< 300' }, /'< 300' does not fit/],
    ['a value of a category', { 'runsc startup': '< 2 ms' }, /a category has only ratios/],
    [
      'a value against something',
      { 'runc startup/echo': { limit: '< 2 ms', vs: 'last' } },
      /not a change relative to/,
    ],
    ['the baseline against itself', { 'runc startup/echo': '< 1.1x' }, /its ratio to itself is 1/],
    ['its copy against it', { 'runc-pin startup': '< 1.1x' }, /its ratio to itself is 1/],
    [
      'a copy against its copy',
      { 'crun-pin startup': { limit: '< 2x', vs: 'pinned' } },
      /is a pinned copy itself/,
    ],
    ['more of what costs', { 'runsc startup/echo': '> 0.9x' }, /holds however bad it gets: less is better/],
    ['less of a rate', { 'runsc io/fio': '< 2x' }, /holds however bad it gets: more is better here\n.*'>'/],
  ])('cannot be of %s', (_, settings, said) => {
    const found = complaints(settings);
    expect(found).toHaveLength(1);
    expect(found[0]?.join('\n')).toMatch(said);
    expect(found[0]?.[0]).toContain(`bench.config.ts: gate.${Object.keys(settings)[0]}: `);
    expect(gates(settings)).toEqual([]);
  });

  test('may bound both directions', () => {
    expect(gates({ 'runc startup/echo': [{ limit: '> -5%', vs: 'last' }, '< 1 s'] })).toHaveLength(2);
  });

  test('has all of its problems told at once', () => {
    const found = complaints({
      'runcs startup/ehco': ['< 2', '10%'],
      'runsc startup/echo': '< 2.1x',
      'crun memory/idle': '< 25 ms',
    });
    expect(found).toHaveLength(4);
    expect(found.map(([line]) => line?.split(':')[1]?.trim())).toEqual([
      ...Array(3).fill('gate.runcs startup/ehco'),
      'gate.crun memory/idle',
    ]);
  });
});
