import { expect, test } from 'vitest';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import {
  besideModules,
  choiceWarnings,
  chooseSubjects,
  withModulesFor,
} from '../../../../src/core/measure/schedule/choice.ts';
import { imagesOf, subjectRecords } from '../../../../src/core/measure/schedule/subjects.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { kataMissing, lineWorkload, runSubject, runtimeFacts } from '../../../support/records.ts';

const runtimes = [runtimeFacts('runc'), runtimeFacts('crun'), runtimeFacts('kata', kataMissing)];
const workload = (id: string, more: object = {}) => ({ ...lineWorkload(id), ...more });
const names = (cells: ReturnType<typeof measurableCells>) =>
  cells.map(({ runtime, workload: id }) => `${runtime} ${id}`);

test('the baseline is measured twice for one subject of each class of headlines: the one that stands for it, or the first', () => {
  const subjects = ['io/a', 'io/b', 'io/c', 'cpu/a', 'isolation/facts'].map((id) => runSubject(id));
  const inRates = [{ ...lineWorkload('io/c').metrics[0], id: 'rate', unit: 'ops/s' }];
  const workloads = [
    workload('io/a'),
    workload('io/b', { representative: true }),
    workload('io/c', { metrics: inRates }),
    workload('cpu/a'),
  ];
  expect(names(measurableCells(subjects, runtimes, 'runc', workloads))).toEqual([
    'runc io/a',
    'crun io/a',
    'runc io/b',
    'runc#2 io/b',
    'crun io/b',
    'runc io/c',
    'runc#2 io/c',
    'crun io/c',
    'runc cpu/a',
    'runc#2 cpu/a',
    'crun cpu/a',
    'runc isolation/facts',
    'crun isolation/facts',
  ]);
});

test('a baseline that cannot do a subject has no second arm there, and a runtime that cannot run has no cells', () => {
  const subjects = [runSubject('io/a', { unsupported: { runc: 'no' } })];
  expect(names(measurableCells(subjects, runtimes, 'runc', [workload('io/a')]))).toEqual(['crun io/a']);
  expect(names(measurableCells([runSubject('io/a')], runtimes, 'kata', []))).toEqual([
    'runc io/a',
    'crun io/a',
  ]);
});

test('a layer with tools of its own is scheduled with them, without what none of them runs, and not in duets', () => {
  const floor = {
    layer: 'floor' as const,
    unsupported: () => null,
    runners: ({ workload: { id } }: { readonly workload: { readonly id: string } }) =>
      id === 'startup/a'
        ? [
            { name: 'fork', missing: null },
            { name: 'bwrap', missing: external('not installed') },
          ]
        : [],
  };
  const scheduled = (duet: boolean) =>
    subjectRecords(
      ['startup/a', 'io/a'].map((id) => ({ workload: workload(id), params: {} })),
      runtimes,
      { local: true },
      { noNetwork: null, isRoot: true, duet, layers: [{ layer: 'docker', unsupported: () => null }, floor] },
    );
  const records = scheduled(false);
  expect(records.map(({ workload: id, layer, runtimes: who }) => [id, layer, who])).toEqual([
    ['startup/a', 'docker', undefined],
    ['startup/a', 'floor', ['fork', 'bwrap']],
    ['io/a', 'docker', undefined],
  ]);
  expect(records[1]?.unsupported).toEqual({ bwrap: 'not installed' });
  const cells = measurableCells(records, runtimes, 'runc', [workload('startup/a')]);
  expect(cells.flatMap(({ layer, runtime }) => (layer === 'floor' ? [runtime] : []))).toEqual(['fork']);
  expect(scheduled(true).map(({ layer }) => layer)).toEqual(['docker', 'docker']);
});

test('subjects are crossed with the layers, and each layer says what it cannot do', () => {
  const crossed = subjectRecords(
    [{ workload: workload('io/a'), params: {} }],
    runtimes,
    { local: true },
    {
      noNetwork: null,
      isRoot: true,
      layers: [
        { layer: 'docker', unsupported: () => null },
        { layer: 'oci', unsupported: (_, { entry }) => (entry.name === 'crun' ? external('cannot') : null) },
      ],
    },
  );
  expect(crossed.map(({ layer, unsupported }) => [layer, unsupported])).toEqual([
    ['docker', {}],
    ['oci', { crun: 'cannot' }],
  ]);
  const cells = measurableCells(crossed, runtimes, 'runc', [workload('io/a')]);
  expect(cells.map(({ runtime, layer }) => `${runtime} ${layer}`)).toEqual([
    'runc docker',
    'runc#2 docker',
    'crun docker',
    'runc oci',
    'runc#2 oci',
  ]);
});

test('a run of the usual layer alone records none, as before there was a choice', () => {
  const one = { noNetwork: null, isRoot: true };
  const [record] = subjectRecords(
    [{ workload: workload('io/a'), params: {} }],
    runtimes,
    { local: true },
    one,
  );
  expect(record).not.toHaveProperty('layer');
});

test('the images of a subject are its own and its peer’s', () => {
  const peer = () => ({ image: 'servers', command: ['/bin/true'] });
  expect(imagesOf({ workload: workload('network/a', { peer }), params: {} })).toEqual(['base', 'servers']);
  expect(imagesOf({ workload: workload('io/a'), params: {} })).toEqual(['base']);
});

test('a workload of the preset full alone is measured where it is named by its id', () => {
  const presets = { quick: [], standard: [], full: [{ size: 1 }, { size: 2 }] };
  const workloads = [workload('io/a'), workload('io/b', { presets })];
  const chosen = (wanted: string[]) =>
    chooseSubjects(workloads, { preset: 'quick', workloads: wanted }).map(({ workload: { id }, params }) => [
      id,
      params,
    ]);
  expect(chosen(['io/b'])).toEqual([
    ['io/b', { size: 1 }],
    ['io/b', { size: 2 }],
  ]);
  expect(chosen(['io']).map(([id]) => id)).toEqual(['io/a']);
});

test('a workload that the preset leaves out is measured where it is named by its id, not by its category', () => {
  const presets = { quick: [], standard: [{}], full: [{}] };
  const workloads = [workload('io/a'), workload('io/b', { presets })];
  const chosen = (wanted: string[] | null) =>
    chooseSubjects(workloads, { preset: 'quick', workloads: wanted }).map((subject) => subject.workload.id);
  expect(chosen(null)).toEqual(['io/a']);
  expect(chosen(['io'])).toEqual(['io/a']);
  expect(chosen(['io/b'])).toEqual(['io/b']);
  expect(() => chosen(['nonsense'])).toThrow('some of the requested workloads');
});

test('the lab exercise takes the workloads that name it; of the others, those named by their id', () => {
  const workloads = [
    workload('io/a'),
    workload('io/b', { presets: { quick: [], standard: [{}], full: [], lab: [{}] } }),
  ];
  const chosen = (wanted: string[] | null) =>
    chooseSubjects(workloads, { preset: 'lab', workloads: wanted }).map((subject) => subject.workload.id);
  expect(chosen(null)).toEqual(['io/b']);
  expect(chosen(['io/a'])).toEqual(['io/a']);
});

test('a category of which the preset has nothing is named with the preset that has it; alone it is an error', () => {
  const presets = { quick: [], standard: [{}], full: [{}] };
  const workloads = [workload('io/a'), workload('network/b', { category: 'network', presets })];
  const warnings = (...wanted: string[]) =>
    choiceWarnings(workloads, { preset: 'quick', workloads: wanted }).map(({ text }) => text);
  expect(warnings('io')).toEqual([]);
  expect(warnings('network/b')).toEqual([]);
  const [warning, ...more] = warnings('io', 'network');
  expect(more).toEqual([]);
  expect(warning).toContain('--workloads network has nothing in the preset quick');
  expect(warning).toContain('--preset standard');
  expect(warning).toContain('network/b');
  expect(() => warnings('network')).toThrow(
    expect.objectContaining({
      exitCode: 2,
      problems: [expect.objectContaining({ key: 'network', fix: expect.stringContaining('standard') })],
    }),
  );
});

test('what is about the memory of root’s processes is not scheduled for a user, with the reason', () => {
  const headline = (id: string) => [{ ...lineWorkload('memory/a').metrics[0], id, unit: 'bytes' }];
  const density = () => ({ kind: 'density', sandboxes: 2 });
  const subjects = [
    workload('memory/a', { metrics: headline('memory.resident') }),
    workload('startup/density', { metrics: headline('density.resident'), group: density }),
    workload('density/idle', { metrics: headline('density.next_memory'), group: density }),
    // Of as many containers its CPU time is read, which users may.
    workload('cpu/at-rest', { group: density }),
    workload('startup/burst', { group: () => ({ kind: 'burst', count: 2 }) }),
    workload('io/a'),
  ].map((each) => ({ workload: each, params: {} }));
  const records = (isRoot: boolean) =>
    subjectRecords(subjects, runtimes, { local: true }, { noNetwork: null, isRoot });
  const reasons = records(false).map(({ unsupported }) => Object.values(unsupported)[0]);
  const needsRoot = expect.stringMatching(
    /^it measures the memory of root’s processes, which only root can read: {2}sudo ocibench run$/,
  );
  expect(reasons).toEqual([needsRoot, needsRoot, needsRoot, undefined, undefined, undefined]);
  const workloads = subjects.map((subject) => subject.workload);
  const cells = measurableCells(records(false), runtimes, 'runc', workloads);
  expect([...new Set(cells.map((cell) => cell.workload))]).toEqual(['cpu/at-rest', 'startup/burst', 'io/a']);
  expect(records(true).every(({ unsupported }) => Object.keys(unsupported).length === 0)).toBe(true);
});

test('what needs the whole host, or drops the page cache, cannot be measured in duets and says so', () => {
  const subjects = [
    workload('io/a'),
    workload('io/peer', { peer: () => ({ image: 'base', command: ['/bin/true'] }) }),
    workload('io/group', { group: () => ({ kind: 'burst', count: 2 }) }),
    workload('io/cold', {
      container: () => ({ command: ['/bin/true'], timeoutMs: 1_000, coldCache: true }),
    }),
  ].map((each) => ({ workload: each, params: {} }));
  const reasons = (duet: boolean) =>
    subjectRecords(subjects, runtimes, { local: true }, { noNetwork: null, isRoot: true, duet }).map(
      ({ unsupported }) => Object.values(unsupported)[0]?.split(';')[0],
    );
  expect(reasons(true)).toEqual([
    undefined,
    'its client and its server need CPUs of their own',
    'it starts several containers, which need the whole host',
    'the other trial of a duet would fill the page cache that it drops',
  ]);
  expect(reasons(false)).toEqual([undefined, undefined, undefined, undefined]);
});

test('what measures the CPU time of the engine, too, is left out where that is not known, at the layer of that engine', () => {
  const rest = workload('cpu/at-rest', {
    metrics: [{ ...lineWorkload('cpu/a').metrics[0], id: 'at_rest.cpu' }],
  });
  const records = (why: string | null) =>
    subjectRecords(
      [rest, workload('cpu/a')].map((each) => ({ workload: each, params: {} })),
      [runtimeFacts('runc')],
      { local: true },
      {
        noNetwork: null,
        isRoot: true,
        noEngineCpu: why === null ? null : external(why),
        layers: (['docker', 'oci'] as const).map((layer) => ({ layer, unsupported: () => null })),
      },
    ).map(({ workload: id, layer, unsupported }) => [id, layer, unsupported.runc]);
  const reason = 'it also measures the CPU time of the engine, which is unknown: no dockerd';
  expect(records('no dockerd')).toEqual([
    ['cpu/at-rest', 'docker', reason],
    ['cpu/at-rest', 'oci', undefined],
    ['cpu/a', 'docker', undefined],
    ['cpu/a', 'oci', undefined],
  ]);
  expect(records(null).map(([, , why]) => why)).toEqual(Array(4).fill(undefined));
});

test('a runtime for WebAssembly runs the workloads that have a module, and says so of all others', () => {
  const records = subjectRecords(
    [
      { workload: workload('io/a', { observe: { kind: 'idle', settleMs: 0 } }), params: {} },
      { workload: workload('io/b', { moduleCommand: () => ['/b.wasm'] }), params: {} },
    ],
    [runtimeFacts('runc'), { ...runtimeFacts('mine'), family: 'wasm' }, runtimeFacts('wasm')],
    { local: true },
    { noNetwork: null, isRoot: true },
  );
  expect(records.map(({ unsupported }) => Object.keys(unsupported))).toEqual([['mine'], []]);
  expect(records[0]?.unsupported.mine).toMatch(/runs WebAssembly modules only/);
  expect(records[0]?.messages?.mine).toMatchObject({ id: 'subjects.modulesOnly' });
});

test('a test that is there for modules is left out where no runtime runs them, unless its id was requested', () => {
  const subjects = [
    { workload: workload('io/a'), params: {} },
    { workload: workload('io/b', { moduleCommand: () => ['/b.wasm'] }), params: {} },
  ];
  const ids = (workloads: string[] | null, ...programs: string[]) =>
    besideModules(
      subjects,
      { workloads },
      programs.map((path) => ({ name: path, path, origin: 'daemon.json' })),
    ).map(({ workload: { id } }) => id);
  expect(ids(null, 'runc', 'crun')).toEqual(['io/a']);
  expect(ids(['io'], 'runc')).toEqual(['io/a']);
  expect(ids(['io/b'], 'runc')).toEqual(['io/a', 'io/b']);
  expect(ids(null, 'runc', '/usr/bin/crun-wasm')).toEqual(['io/a', 'io/b']);
});

test('a runtime for modules that is merely on PATH is left out where no test has a module', () => {
  const names = (origin: 'PATH' | 'daemon.json', runtimes: string[] | null, hasModule: boolean) =>
    withModulesFor(
      ['runc', 'crun-wasm'].map((path) => ({ name: path, path, origin })),
      { runtimes },
      [
        { workload: workload('io/a'), params: {} },
        ...(hasModule
          ? [{ workload: workload('io/b', { moduleCommand: () => ['/b.wasm'] }), params: {} }]
          : []),
      ],
    ).map(({ name }) => name);
  expect(names('PATH', null, false)).toEqual(['runc']);
  expect(names('PATH', null, true)).toEqual(['runc', 'crun-wasm']);
  expect(names('PATH', ['runc', 'crun-wasm'], false)).toEqual(['runc', 'crun-wasm']);
  expect(names('daemon.json', null, false)).toEqual(['runc', 'crun-wasm']);
});
