import { expect, test } from 'vitest';
import { renderSvg } from '../../../src/report/render/svg.ts';
import { data, drawn, standard } from './drawn.ts';

test('memory: roles of a container, never the daemons, with the peak as tick', () => {
  const rows = standard.analysis.rows.flatMap((row) =>
    row.metric === 'pss.shim' ? [row, { ...row, metric: 'pss.dockerd', median: 1e9 }] : [row],
  );
  const values = data({ ...standard, analysis: { ...standard.analysis, rows } }, 'memory-footprint');
  const parts = new Set(values.flatMap((value) => (value.part === undefined ? [] : [value.part])));
  expect([...parts]).toEqual([
    'workload',
    'sentry (gVisor kernel)',
    'gofer (gVisor files)',
    'stub (gVisor)',
    'containerd shim',
  ]);
  expect(values.filter((value) => value.tick !== undefined)).toHaveLength(4);
});

test('memory: a role of another version keeps its name, after those that are known', () => {
  const rows = standard.analysis.rows.flatMap((row) =>
    row.metric === 'pss.shim' ? [row, { ...row, metric: 'pss.netd', median: 1e6 }] : [row],
  );
  const values = data({ ...standard, analysis: { ...standard.analysis, rows } }, 'memory-footprint');
  const parts = [...new Set(values.flatMap(({ part }) => (part === undefined ? [] : [part])))];
  expect(parts.at(-1)).toBe('netd');
  expect(parts.at(-2)).toBe('containerd shim');
});

test('memory: the tick of the peak has an entry in the legend, where there is one', async () => {
  const { svg } = await renderSvg(drawn('memory-footprint', standard).spec);
  expect(svg).toContain('>peak of the cgroup<');
  const rows = standard.analysis.rows.filter((row) => row.metric !== 'memory.peak');
  const without = { ...standard, analysis: { ...standard.analysis, rows } };
  expect((await renderSvg(drawn('memory-footprint', without).spec)).svg).not.toContain('peak of the cgroup<');
});
