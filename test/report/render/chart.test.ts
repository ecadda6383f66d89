import { Resvg } from '@resvg/resvg-js';
import { expect, test } from 'vitest';
import { renderChart } from '../../../src/report/render/chart.ts';
import { renderPng } from '../../../src/report/render/png.ts';
import { renderSvg } from '../../../src/report/render/svg.ts';
import { fontOptions, textWidth } from '../../../src/report/render/text-width.ts';

const spec = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  title: 'Temps jusqu’à la première sortie',
  config: { font: 'DejaVu Sans, Verdana, sans-serif' },
  data: { values: [{ runtime: 'runc', ms: 272 }] },
  mark: 'bar',
  encoding: { x: { field: 'ms', type: 'quantitative' }, y: { field: 'runtime', type: 'nominal' } },
};

test('a chart becomes SVG and PNG without warnings', async () => {
  const { svg, png, warnings } = await renderChart(spec);
  expect(warnings).toEqual([]);
  expect(svg).toMatch(/^<svg /);
  expect([...(await png).subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
});

test('text is really drawn: the picture without it differs', async () => {
  const { svg, png } = await renderChart(spec);
  const withoutText = svg.replace(/<text[^>]*>.*?<\/text>/gs, '');
  expect(withoutText).not.toBe(svg);
  expect(Buffer.from(renderPng(withoutText)).equals(Buffer.from(await png))).toBe(false);
});

test.each(['runc', 'première', '1,72× ≈ µs', '12\u202f345', '±5 % · −1'])(
  'the shipped fonts hold %j',
  (text) => {
    const box = (words: string) =>
      new Resvg(
        `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="50"><text y="30" font-family="DejaVu Sans" font-size="20">${words}</text></svg>`,
        { font: fontOptions },
      ).getBBox();
    expect(box(text)?.width ?? 0).toBeGreaterThan(text.length * 4);
    expect(box(text)?.height ?? 0).toBeGreaterThan(5);
  },
);

test('the width of a text is that of its glyphs, and bold is wider', () => {
  const measured = (text: string) =>
    new Resvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="200"><text x="10" y="120" font-family="DejaVu Sans" font-size="100">${text}</text></svg>`,
      { font: fontOptions },
    ).getBBox()?.width ?? 0;
  for (const text of ['runsc-ptrace', 'op=randread, size=4k', 'WWW iii']) {
    expect(textWidth(text, 100, false) / measured(text)).toBeGreaterThan(0.99);
    expect(textWidth(text, 100, false) / measured(text)).toBeLessThan(1.04);
  }
  expect(textWidth('a b', 10, false)).toBeGreaterThan(textWidth('ab', 10, false));
  expect(textWidth('runsc', 10, true)).toBeGreaterThan(textWidth('runsc', 10, false));
  expect(textWidth('runsc', 20, false)).toBeCloseTo(2 * textWidth('runsc', 10, false));
});

test('what Vega warns of is returned, not printed', async () => {
  const { warnings } = await renderSvg({
    ...spec,
    encoding: {
      ...spec.encoding,
      x: { field: 'ms', type: 'quantitative', scale: { type: 'log', zero: true } },
    },
  });
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.join()).toContain('zero');
});

test('a chart must bring its data: nothing is loaded from a file or the network', async () => {
  for (const url of ['file:///etc/hostname', 'http://127.0.0.1:9/x.json', '/etc/hostname']) {
    const { svg, warnings } = await renderSvg({ ...spec, data: { url, format: { type: 'csv' } } });
    expect(warnings.join(), url).toMatch(/Loading failed|must not load/);
    expect(svg).not.toContain('272');
  }
});

test('the same specification gives the same bytes', async () => {
  const [first, second] = [await renderChart(spec), await renderChart(spec)];
  expect(first.svg).toBe(second.svg);
  expect(Buffer.from(await first.png).equals(Buffer.from(await second.png))).toBe(true);
});
