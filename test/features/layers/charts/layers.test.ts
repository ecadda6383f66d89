import { describe, expect, test } from 'vitest';
import { charts } from '../../../../src/report/charts/index.ts';
import { renderPng } from '../../../../src/report/render/png.ts';
import { renderSvg } from '../../../../src/report/render/svg.ts';
import { differsFromGolden } from '../../../browser/picture.ts';
import { drawn, layers, type Value, values } from '../../../report/charts/drawn.ts';
import { type LayeredOptions, layeredRun } from '../../../support/layered-run.ts';

const synthetic = (options: LayeredOptions = {}) => ({ ...layeredRun(options), trials: [] });
const ids = ['layers', 'layers-2'];
const panels = (options: LayeredOptions = {}) =>
  ids.flatMap((id) => drawn(id, synthetic(options)).spec.concat as Value[]);
const titleOf = (panel: Value) => [(panel.title as { text: string | string[] }).text].flat().join(' ');

describe('the picture of layers', () => {
  test('one picture until the first output, one until it is gone: a waterfall for each runtime and engine', () => {
    const engines = { 'docker-26': 70, 'docker-28': 40 };
    const pages = ids.map((id) => drawn(id, synthetic({ engines })));
    expect(pages.map(({ title }) => title)).toEqual([
      'Layer by layer: time to first output',
      'Layer by layer: create to removed',
    ]);
    for (const { spec, title } of pages) {
      expect(title.length).toBeLessThanOrEqual(50);
      expect((spec.concat as Value[]).map(titleOf)).toEqual(
        ['runc', 'crun', 'runsc'].flatMap((runtime) =>
          Object.keys(engines).map((engine) => `${runtime}, ${engine}`),
        ),
      );
    }
  });

  test('all pictures of a run have one scale', () => {
    const domains = panels().map((panel) => /"domain":(\[0,[\d.]+\])/.exec(JSON.stringify(panel))?.[1]);
    expect(domains).toHaveLength(6);
    expect(new Set(domains).size).toBe(1);
    expect(domains[0]).toBeDefined();
  });

  test('the whole and what stands beside have their ratio to the baseline, a part has none', () => {
    const { analysis } = layeredRun();
    const labels = panels().flatMap((panel) =>
      values(panel).map(({ kind, label }) => ({ kind, label: String(label), title: titleOf(panel) })),
    );
    const wholes = labels.filter(({ kind }) => kind === 'end' || kind === 'beside');
    for (const { label, title } of wholes)
      expect(label).toMatch(title.startsWith('runc,') ? /^[\d.]+ ms$/ : /^[\d.]+ ms \([\d.]+×(\u00a0\?)?\)$/);
    expect(labels.filter(({ kind, label }) => kind === 'more' && label.includes('×'))).toEqual([]);
    const row = analysis.rows.find(
      ({ runtime, layer, params, metric }) =>
        runtime === 'runsc' && layer === 'docker' && params === '' && metric === 'startup.to_output',
    );
    const whole = wholes.find(({ kind, title }) => kind === 'end' && title.startsWith('runsc,'));
    expect(Number(/\(([\d.]+)×/.exec(whole?.label ?? '')?.[1])).toBeCloseTo(row?.ratio ?? 0, 1);
  });

  test('each bar begins where the one above ends; the whole begins at zero', () => {
    for (const panel of panels()) {
      const steps = values(panel);
      let at = 0;
      for (const step of steps.filter(({ kind }) => kind === 'more' || kind === 'less').slice(0, 5)) {
        expect(step.from).toBeCloseTo(at, 2);
        at = Number(step.to);
      }
      const whole = steps.find(({ kind }) => kind === 'end');
      expect(whole?.from).toBe(0);
      expect(Math.abs(at / Number(whole?.to) - 1)).toBeLessThan(0.05);
      const [bridge, podman] = steps.slice(-2);
      expect(bridge).toMatchObject({ step: 'with a bridge', from: whole?.to });
      expect(podman).toMatchObject({ step: 'beside: Podman', kind: 'beside', from: 0 });
    }
  });

  test('intervals are drawn where there are some', () => {
    for (const panel of panels()) {
      expect(layers(panel)).toHaveLength(3);
      for (const { low, high, to } of values(panel)) {
        expect(Number(low)).toBeLessThan(Number(to));
        expect(Number(high)).toBeGreaterThan(Number(to));
      }
    }
    for (const panel of panels({ blocks: 3 })) expect(layers(panel)).toHaveLength(2);
  });

  test('what takes away goes back to the left', () => {
    const [panel] = panels({
      layers: ['oci', 'docker'],
      runtimes: ['runc'],
      bridge: false,
      engines: { q: -60 },
    });
    const less = values(panel ?? {}).find(({ kind }) => kind === 'less');
    expect(Number(less?.to)).toBeLessThan(Number(less?.from));
    expect(String(less?.label)).toMatch(/^[-−]/);
  });

  test('no layers, no picture and no reason', () => {
    const all = charts({ ...synthetic({ layers: ['docker'] }), lang: 'en' });
    expect(all.filter(({ id }) => id === 'layers')).toEqual([]);
  });

  test.each(['en', 'fr'] as const)('in %s it looks as it did, and fits on a phone', async (lang) => {
    const { spec, narrow } = drawn('layers', synthetic(), lang);
    const { svg, warnings } = await renderSvg(spec);
    expect(warnings).toEqual([]);
    const phone = await renderSvg(narrow);
    expect(phone.warnings).toEqual([]);
    expect(Number(/width="([\d.]+)"/.exec(phone.svg)?.[1])).toBeLessThanOrEqual(348 * 1.1);
    expect(await differsFromGolden(`layers.${lang}`, renderPng(svg, 1), 'charts')).toBe(null);
  });
});
