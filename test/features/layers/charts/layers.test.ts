import { describe, expect, test } from 'vitest';
import { charts } from '../../../../src/report/charts/index.ts';
import { renderPng } from '../../../../src/report/render/png.ts';
import { renderSvg } from '../../../../src/report/render/svg.ts';
import { differsFromGolden } from '../../../browser/picture.ts';
import { drawn, layers, type Value, values } from '../../../report/charts/drawn.ts';
import { type LayeredOptions, layeredRun } from '../../../support/layered-run.ts';

const synthetic = (options: LayeredOptions = {}) => ({ ...layeredRun(options), trials: [] });
const panels = (options: LayeredOptions = {}) => drawn('layers', synthetic(options)).spec.concat as Value[];
const titleOf = (panel: Value) => [(panel.title as { text: string | string[] }).text].flat().join(' ');

describe('the picture of layers', () => {
  test('one for each runtime until the first output, and one until it is gone', () => {
    expect(panels().map(titleOf)).toEqual(
      ['runc', 'crun', 'runsc'].flatMap((runtime) => [
        `startup/echo under ${runtime}: time to first output`,
        `startup/echo under ${runtime}: create to removed`,
      ]),
    );
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
      expect(layers(panel)).toHaveLength(4);
      for (const { low, high, to } of values(panel)) {
        expect(Number(low)).toBeLessThan(Number(to));
        expect(Number(high)).toBeGreaterThan(Number(to));
      }
    }
    for (const panel of panels({ blocks: 3 })) expect(layers(panel)).toHaveLength(3);
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
