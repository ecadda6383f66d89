import { expect, test } from 'vitest';
import { scaleKind, withoutRuntimes, withScale } from '../../src/page/spec.ts';
import { chartFile, charts, makers } from '../../src/report/charts/index.ts';
import { fullSuite } from '../report/full-suite.ts';
import { syntheticRun } from '../report/support.ts';

const drawn = charts({ ...syntheticRun({ more: fullSuite }), lang: 'en' }).flatMap((chart) =>
  'spec' in chart ? [[chart.id, chart.spec] as const] : [],
);
const specs = new Map(drawn);
const words = { log: 'log scale', linear: 'linear scale' };

function of(id: string) {
  const spec = specs.get(id);
  if (spec === undefined) throw new Error(`no chart ${id}`);
  return spec;
}

test('every chart can do without a runtime, and with none it is nothing', () => {
  const all = new Set(['runc', 'crun', 'runsc', 'runsc-ptrace']);
  for (const [id, spec] of drawn) {
    const left = JSON.stringify(withoutRuntimes(spec, new Set(['runsc-ptrace'])));
    expect(left, id).toContain('"runsc"');
    expect(left, id).not.toContain('"runtime":"runsc-ptrace"');
    expect(withoutRuntimes(spec, all), id).toBe(null);
    expect(withoutRuntimes(spec, new Set()), id).toBe(spec);
  }
});

test('the others keep their colours', () => {
  const scale = (spec: unknown) => {
    const text = JSON.stringify(spec);
    const [, domain = '', range = ''] = /"domain":(\["[^\]]*\]),"range":(\["#[^\]]*\])/.exec(text) ?? [];
    const colors: string[] = JSON.parse(range);
    return Object.fromEntries((JSON.parse(domain) as string[]).map((name, i) => [name, colors[i]]));
  };
  const { crun, ...others } = scale(of('overhead-io'));
  expect(crun).toBeDefined();
  expect(scale(withoutRuntimes(of('overhead-io'), new Set(['crun'])))).toEqual(others);
});

test('only scales that can be both are switched: bars and counts keep theirs', () => {
  expect(scaleKind(of('overview'))).toBe('log');
  for (const id of ['startup-phases', 'cost', 'memory-footprint', 'syscall-heatmap'])
    expect(scaleKind(of(id)), id).toBe(null);
  const linear = withScale(of('overview'), 'linear', words);
  expect(scaleKind(linear)).toBe(null);
  expect(JSON.stringify(linear)).toMatch(/"type":"linear","domain":\[0,/);
  expect(JSON.stringify(linear)).toContain('(linear scale; right of 1×');
  expect(withScale(of('overview'), 'log', words)).toEqual(of('overview'));
});

test('files of charts are known by their names, and no others', () => {
  for (const id of [...specs.keys(), ...makers.map((maker) => maker.id)])
    expect(chartFile.test(`${id}.vl.json`), id).toBe(true);
  for (const name of ['overhead.png', 'overhead-io-2.svg']) expect(chartFile.test(name), name).toBe(true);
  for (const name of ['notes.svg', 'overview.html', 'my-overview.png', 'cost.png.bak', 'Overview.png'])
    expect(chartFile.test(name), name).toBe(false);
});
